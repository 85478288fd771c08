#ifndef LUHN_H
#define LUHN_H

#include <stdbool.h>
#include <stddef.h>

// The check digit of Luhn (ISO/IEC 7812-1, annex B), which most card numbers and many order numbers end with: it finds every single wrong
// digit, and nearly all neighbours that changed places.

/// The most digits of a number.
#define LUHN_DIGITS 64

/// Copies the digits of a number as people write it: digits, with spaces and hyphens between them.
///
/// `digits` has room for LUHN_DIGITS of them and a terminator. Returns how many there are; 0 if there are none, too many, or anything else.
size_t luhn_digits(const char *text, char digits[LUHN_DIGITS + 1]);

/// Whether the last of the digits is the check digit of those before it. A single digit has nothing to check.
bool luhn_is_valid(const char *digits, size_t count);

/// The check digit to put after the digits, '0' to '9'.
char luhn_check_digit(const char *digits, size_t count);

#endif
