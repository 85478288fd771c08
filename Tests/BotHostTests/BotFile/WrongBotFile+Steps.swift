extension WrongBotFile {
    static let steps = [
        WrongBotFile(
            "an unknown action of a known module",
            step: #"""
                - documents.recipt: { title: x }
                """#,
            expected: #"""
                bots/t.yaml:5:9: unknown action 'documents.recipt'. Did you mean 'documents.receipt'?
                      - documents.recipt: { title: x }
                        ^
                """#
        ),
        WrongBotFile(
            "an action of a module that is not named",
            step: #"""
                - orders.lookup: { id: 1 }
                """#,
            expected: #"""
                bots/t.yaml:5:9: unknown action 'orders.lookup'. 'modules' does not name 'orders'.
                      - orders.lookup: { id: 1 }
                        ^
                """#
        ),
        WrongBotFile(
            "an unknown action like no other",
            step: #"""
                - frobnicate: 5
                """#,
            expected: #"""
                bots/t.yaml:5:9: unknown action 'frobnicate'. Known: say, ask, choose, typing, attach, set, if, each, wait, run, log, stop, leave, receipt, table, transcript, documents.receipt, documents.table, documents.transcript.
                      - frobnicate: 5
                        ^
                """#
        ),
        WrongBotFile(
            "a bare step that is not known",
            step: #"""
                - tpying
                """#,
            expected: #"""
                bots/t.yaml:5:9: unknown action 'tpying'. Did you mean 'typing'?
                      - tpying
                        ^
                """#
        ),
        WrongBotFile(
            "an unknown key in a step",
            step: #"""
                - say: Hello
                  witin: 5s
                """#,
            expected: #"""
                bots/t.yaml:6:9: unknown key 'witin'. Did you mean 'within'?
                        witin: 5s
                        ^
                """#
        ),
        WrongBotFile(
            "a modifier of another step",
            step: #"""
                - say: Hello
                  expect: yes
                """#,
            expected: #"""
                bots/t.yaml:6:9: unknown key 'expect'. Allowed here: say, as, within, otherwise.
                        expect: yes
                        ^
                """#
        ),
        WrongBotFile(
            "two steps in one",
            step: #"""
                - say: Hello
                  leave:
                """#,
            expected: #"""
                bots/t.yaml:6:9: 'say' and 'leave' are two steps: begin each with '- '
                        leave:
                        ^
                """#
        ),
        WrongBotFile(
            "modifiers without a step",
            step: #"""
                - within: 5s
                """#,
            expected: #"""
                bots/t.yaml:5:9: this is no step: nothing says what to do
                      - within: 5s
                        ^
                """#
        ),
        WrongBotFile(
            "a step that is a list",
            step: #"""
                - [say, hello]
                """#,
            expected: #"""
                bots/t.yaml:5:9: a step is a name, or a name and what it needs, not a list
                      - [say, hello]
                        ^
                """#
        ),
        WrongBotFile(
            "a step that is nothing",
            step: #"""
                -
                """#,
            expected: #"""
                bots/t.yaml:5:8: a step is a name, or a name and what it needs, not nothing
                      -
                       ^
                """#
        ),
        WrongBotFile(
            "a say without a text",
            step: #"""
                - say:
                """#,
            expected: #"""
                bots/t.yaml:5:9: 'say' needs a text: '- say: ...'
                      - say:
                        ^
                """#
        ),
        WrongBotFile(
            "a say of a list",
            step: #"""
                - say: [a, b]
                """#,
            expected: #"""
                bots/t.yaml:5:14: 'say' is a text, not a list
                      - say: [a, b]
                             ^
                """#
        ),
        WrongBotFile(
            "an unknown format",
            step: #"""
                - say: { text: x, format: html }
                """#,
            expected: #"""
                bots/t.yaml:5:33: unknown format 'html'. Known: plain, markdown.
                      - say: { text: x, format: html }
                                                ^
                """#
        ),
        WrongBotFile(
            "an ask with too many retries",
            step: #"""
                - ask: Really?
                  expect: yes
                  retries: 1000
                """#,
            expected: #"""
                bots/t.yaml:7:18: 'retries' is a whole number from 0 to 100
                        retries: 1000
                                 ^
                """#
        ),
        WrongBotFile(
            "retries without an expectation",
            step: #"""
                - ask: Really?
                  retries: 1
                """#,
            expected: #"""
                bots/t.yaml:6:18: 'retries' needs an 'expect': without one, every answer fits
                        retries: 1
                                 ^
                """#
        ),
        WrongBotFile(
            "a stop with something behind it",
            step: #"""
                - stop: now
                """#,
            expected: #"""
                bots/t.yaml:5:15: 'stop' takes nothing
                      - stop: now
                              ^
                """#
        ),
        WrongBotFile(
            "an if without steps",
            step: #"""
                - if: "{{message.text}}"
                """#,
            expected: #"""
                bots/t.yaml:5:9: 'if' needs a 'then' or an 'else'
                      - if: "{{message.text}}"
                        ^
                """#
        ),
        WrongBotFile(
            "an if without a condition",
            step: #"""
                - if: message.text
                  then: [ stop ]
                """#,
            expected: #"""
                bots/t.yaml:5:13: a condition is a value, as in "{{found}}", or a mapping with one of equals, matches, contains, less, greater, present, all, any, not
                      - if: message.text
                            ^
                """#
        ),
        WrongBotFile(
            "an if with an unknown condition",
            step: #"""
                - if: { equal: [1, 1] }
                  then: [ stop ]
                """#,
            expected: #"""
                bots/t.yaml:5:15: unknown key 'equal'. Did you mean 'equals'?
                      - if: { equal: [1, 1] }
                              ^
                """#
        ),
        WrongBotFile(
            "an if with two conditions",
            step: #"""
                - if: { present: message.text, equals: [1, 1] }
                  then: [ stop ]
                """#,
            expected: #"""
                bots/t.yaml:5:13: one condition at a time: put several into 'all' or 'any'
                      - if: { present: message.text, equals: [1, 1] }
                            ^
                """#
        ),
        WrongBotFile(
            "a comparison of one thing",
            step: #"""
                - if: { equals: [1] }
                  then: [ stop ]
                """#,
            expected: #"""
                bots/t.yaml:5:23: 'equals' compares two things: give it a list of two
                      - if: { equals: [1] }
                                      ^
                """#
        ),
        WrongBotFile(
            "a file outside the folder",
            step: #"""
                - attach: { path: ../secret.txt }
                """#,
            expected: #"""
                bots/t.yaml:5:25: the path '../secret.txt' leads out of the bot's folder through '..'
                      - attach: { path: ../secret.txt }
                                        ^
                """#
        ),
        WrongBotFile(
            "a file with an absolute path",
            step: #"""
                - attach: { path: /etc/passwd }
                """#,
            expected: #"""
                bots/t.yaml:5:25: the path '/etc/passwd' is absolute: name a file in the bot's folder
                      - attach: { path: /etc/passwd }
                                        ^
                """#
        ),
        WrongBotFile(
            "a file that is a name",
            step: #"""
                - attach: terms.pdf
                """#,
            expected: #"""
                bots/t.yaml:5:17: 'attach' takes a file that a step has made, as in "{{file}}", or 'path: terms.pdf'
                      - attach: terms.pdf
                                ^
                """#
        ),
        WrongBotFile(
            "an unknown level",
            step: #"""
                - log: { level: warn, text: x }
                """#,
            expected: #"""
                bots/t.yaml:5:23: unknown level 'warn'. Known: trace, debug, info, notice, warning, error, critical.
                      - log: { level: warn, text: x }
                                      ^
                """#
        ),
    ]
}
