extension WrongBotFile {
    static let values = [
        WrongBotFile(
            "a filter that the trigger does not have",
            text: #"""
                bot: t
                behaviours:
                  - when: joined
                    says: hello
                    do: []
                """#,
            expected: #"""
                bots/t.yaml:4:5: unknown key 'says'. Allowed here: name, when, if, do.
                    says: hello
                    ^
                """#
        ),
        WrongBotFile(
            "a pattern that does not compile",
            text: #"""
                bot: t
                behaviours:
                  - when: message
                    matches: 'rec(eipt'
                    do: []
                """#,
            expected: #"""
                bots/t.yaml:4:23: the pattern is wrong at offset 8: missing closing parenthesis
                    matches: 'rec(eipt'
                                      ^
                """#
        ),
        WrongBotFile(
            "a pattern with an unknown escape",
            step: #"""
                - ask: Really?
                  expect: '\p{Foo}'
                """#,
            expected: #"""
                bots/t.yaml:6:25: the pattern is wrong at offset 7: unknown property after \P or \p
                        expect: '\p{Foo}'
                                        ^
                """#
        ),
        WrongBotFile(
            "a pattern whose group has a given name",
            text: #"""
                bot: t
                behaviours:
                  - when: message
                    matches: '(?<message>x)'
                    do: []
                """#,
            expected: #"""
                bots/t.yaml:4:14: 'message' is given, so nothing else can have that name
                    matches: '(?<message>x)'
                             ^
                """#
        ),
        WrongBotFile(
            "a pattern in a condition",
            step: #"""
                - if: { matches: ["{{message.text}}", "[a-"] }
                  then: [ stop ]
                """#,
            expected: #"""
                bots/t.yaml:5:49: the pattern is wrong at offset 3: missing terminating ] for character class
                      - if: { matches: ["{{message.text}}", "[a-"] }
                                                                ^
                """#
        ),
        WrongBotFile(
            "a duration without a unit",
            step: #"""
                - wait: 5
                """#,
            expected: #"""
                bots/t.yaml:5:15: '5' has no unit: write 5s, 5m, 5h or 5ms
                      - wait: 5
                              ^
                """#
        ),
        WrongBotFile(
            "a duration with an unknown unit",
            step: #"""
                - ask: Really?
                  within: 5 min
                """#,
            expected: #"""
                bots/t.yaml:6:17: '5 min' is not a duration: the units are ms, s, m and h
                        within: 5 min
                                ^
                """#
        ),
        WrongBotFile(
            "a duration that is a word",
            step: #"""
                - wait: soon
                """#,
            expected: #"""
                bots/t.yaml:5:15: 'soon' is not a duration: a number and a unit, as in 5s, 500ms, 2m, 1h
                      - wait: soon
                              ^
                """#
        ),
        WrongBotFile(
            "a duration that is too long",
            step: #"""
                - wait: 1000h
                """#,
            expected: #"""
                bots/t.yaml:5:15: '1000h' is out of range: more than nothing, and at most 168h
                      - wait: 1000h
                              ^
                """#
        ),
        WrongBotFile(
            "a duration of nothing",
            step: #"""
                - wait: 0s
                """#,
            expected: #"""
                bots/t.yaml:5:15: '0s' is out of range: more than nothing, and at most 168h
                      - wait: 0s
                              ^
                """#
        ),
        WrongBotFile(
            "a template that is not closed",
            step: #"""
                - say: "Hello {{customer.name"
                """#,
            expected: #"""
                bots/t.yaml:5:21: '{{' is never closed: '}}' is missing
                      - say: "Hello {{customer.name"
                                    ^
                """#
        ),
        WrongBotFile(
            "a block that is not closed",
            step: #"""
                - say: "{{#each message.lines}}x"
                """#,
            expected: #"""
                bots/t.yaml:5:15: {{/each}} is missing
                      - say: "{{#each message.lines}}x"
                              ^
                """#
        ),
        WrongBotFile(
            "a block that was not opened",
            step: #"""
                - say: "Well{{/if}}"
                """#,
            expected: #"""
                bots/t.yaml:5:19: {{/if}} has no block to belong to
                      - say: "Well{{/if}}"
                                  ^
                """#
        ),
        WrongBotFile(
            "an unknown block",
            step: #"""
                - say: "{{#unless x}}y{{/unless}}"
                """#,
            expected: #"""
                bots/t.yaml:5:15: unknown block '#unless x'. Known: #each, #if.
                      - say: "{{#unless x}}y{{/unless}}"
                              ^
                """#
        ),
        WrongBotFile(
            "a template without a name",
            step: #"""
                - say: "Hello {{ }}"
                """#,
            expected: #"""
                bots/t.yaml:5:24: no value is named
                      - say: "Hello {{ }}"
                                       ^
                """#
        ),
        WrongBotFile(
            "a template that computes",
            step: #"""
                - say: "{{1 + 2}}"
                """#,
            expected: #"""
                bots/t.yaml:5:17: '1 + 2' does not name a value: names of letters, digits, _ and - with points between them
                      - say: "{{1 + 2}}"
                                ^
                """#
        ),
        WrongBotFile(
            "an unknown filter, in the second template of a text",
            step: #"""
                - say: "{{message.text}} and {{message.text | uper}}"
                """#,
            expected: #"""
                bots/t.yaml:5:53: unknown filter 'uper'. Did you mean 'upper'?
                      - say: "{{message.text}} and {{message.text | uper}}"
                                                                    ^
                """#
        ),
        WrongBotFile(
            "a filter without its argument",
            step: #"""
                - say: "{{message.text | default}}"
                """#,
            expected: #"""
                bots/t.yaml:5:32: 'default' needs what to take instead: 'default: something'
                      - say: "{{message.text | default}}"
                                               ^
                """#
        ),
        WrongBotFile(
            "a filter with an argument too many",
            step: #"""
                - say: "{{message.text | upper: x}}"
                """#,
            expected: #"""
                bots/t.yaml:5:32: 'upper' takes no argument
                      - say: "{{message.text | upper: x}}"
                                               ^
                """#
        ),
        WrongBotFile(
            "money in no currency",
            step: #"""
                - say: "{{message.text | money: euros}}"
                """#,
            expected: #"""
                bots/t.yaml:5:32: 'euros' is not a currency's code: three capital letters, as in EUR
                      - say: "{{message.text | money: euros}}"
                                               ^
                """#
        ),
        WrongBotFile(
            "a template in a block of text",
            step: #"""
                - say: |
                    First line.
                    Second {{message.text | shout}}.
                """#,
            expected: #"""
                bots/t.yaml:7:35: unknown filter 'shout'. Known: default, upper, lower, date, money, join, count, json.
                          Second {{message.text | shout}}.
                                                  ^
                """#
        ),
        WrongBotFile(
            "a value that nothing sets",
            text: #"""
                bot: t
                variables: { order: 5 }
                behaviours:
                  - when: joined
                    do:
                      - say: "{{ordr}}"
                """#,
            expected: #"""
                bots/t.yaml:6:15: nothing gives 'ordr' a value. Did you mean 'order'?
                      - say: "{{ordr}}"
                              ^
                """#
        ),
        WrongBotFile(
            "a value like no other",
            step: #"""
                - say: "{{zzz}}"
                """#,
            expected: #"""
                bots/t.yaml:5:15: nothing gives 'zzz' a value. 'variables', 'set', 'as' and the groups of patterns do.
                      - say: "{{zzz}}"
                              ^
                """#
        ),
        WrongBotFile(
            "a name that is given",
            step: #"""
                - set: { contact: 5 }
                """#,
            expected: #"""
                bots/t.yaml:5:16: 'contact' is given, so nothing else can have that name
                      - set: { contact: 5 }
                               ^
                """#
        ),
        WrongBotFile(
            "a name that is none",
            step: #"""
                - typing:
                  as: 2nd answer
                """#,
            expected: #"""
                bots/t.yaml:6:13: '2nd answer' cannot name a value: letters, digits, _ and -, beginning with a letter or _
                        as: 2nd answer
                            ^
                """#
        ),
        WrongBotFile(
            "a variable that is a template",
            text: #"""
                bot: t
                variables:
                  a: "{{contact.id}}"
                behaviours: []
                """#,
            expected: #"""
                bots/t.yaml:3:6: a variable begins with a fixed value: '{{...}}' is for steps ('set' changes it)
                  a: "{{contact.id}}"
                     ^
                """#
        ),
        WrongBotFile(
            "a parameter that is missing",
            step: #"""
                - receipt: { title: x, currency: EUR }
                """#,
            expected: #"""
                bots/t.yaml:5:9: receipt: 'lines' is missing: a list or a string
                      - receipt: { title: x, currency: EUR }
                        ^
                """#
        ),
        WrongBotFile(
            "a parameter with a slip",
            step: #"""
                - transcript: { formt: txt }
                """#,
            expected: #"""
                bots/t.yaml:5:23: transcript: unknown property 'formt'. Did you mean 'format'?
                      - transcript: { formt: txt }
                                      ^
                """#
        ),
        WrongBotFile(
            "a parameter of the wrong type",
            step: #"""
                - receipt: { title: x, currency: [EUR], lines: "{{match.1}}" }
                """#,
            expected: #"""
                bots/t.yaml:5:30: receipt: currency: expected a string, found a list
                      - receipt: { title: x, currency: [EUR], lines: "{{match.1}}" }
                                             ^
                """#
        ),
        WrongBotFile(
            "a wrong value inside a parameter",
            step: #"""
                - receipt:
                    title: x
                    currency: EUR
                    lines:
                      - description: Cup
                        price: cheap
                """#,
            expected: #"""
                bots/t.yaml:10:15: receipt: lines[0].price: expected a number, found "cheap"
                              price: cheap
                              ^
                """#
        ),
        WrongBotFile(
            "a value that is not on the list",
            step: #"""
                - transcript: { format: pdf }
                """#,
            expected: #"""
                bots/t.yaml:5:23: transcript: format: "pdf" is not one of txt, csv
                      - transcript: { format: pdf }
                                      ^
                """#
        ),
        WrongBotFile(
            "parameters that are no mapping",
            step: #"""
                - transcript: txt
                """#,
            expected: #"""
                bots/t.yaml:5:21: what 'transcript' needs is a mapping of keys and values, not a text
                      - transcript: txt
                                    ^
                """#
        ),
    ]
}
