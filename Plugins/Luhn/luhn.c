#include "luhn.h"

size_t luhn_digits(const char *text, char digits[LUHN_DIGITS + 1]) {
    size_t count = 0;
    for (; *text != '\0'; text++) {
        if (*text == ' ' || *text == '-') continue;
        if (*text < '0' || *text > '9' || count == LUHN_DIGITS) return 0;
        digits[count++] = *text;
    }
    digits[count] = '\0';
    return count;
}

/// The sum of the digits, every second one doubled (and its own digits added), beginning before the check digit.
static int checksum(const char *digits, size_t count) {
    int sum = 0;
    for (size_t distance = 0; distance < count; distance++) {
        int digit = digits[count - 1 - distance] - '0';
        if (distance % 2 == 1) digit *= 2;
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum;
}

bool luhn_is_valid(const char *digits, size_t count) {
    return count > 1 && checksum(digits, count) % 10 == 0;
}

char luhn_check_digit(const char *digits, size_t count) {
    char with_digit[LUHN_DIGITS + 1];
    for (size_t index = 0; index < count && index < LUHN_DIGITS; index++) with_digit[index] = digits[index];
    with_digit[count] = '0';
    return (char)('0' + (10 - checksum(with_digit, count + 1) % 10) % 10);
}
