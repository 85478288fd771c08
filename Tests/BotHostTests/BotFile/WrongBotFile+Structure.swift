extension WrongBotFile {
    static let structure = [
        WrongBotFile(
            "an unknown action, as in the design",
            text: #"""
                bot: receipts
                description: Sends receipts.
                behaviours:
                  - when: joined
                    do:
                      - say: "Welcome."

                  - when: message
                    matches: 'receipt (?<order>[0-9]+)'
                    do:
                      - typing
                      - say: "One moment."

                      - recipt: { title: "Receipt {{order}}" }
                """#,
            expected: #"""
                bots/t.yaml:14:9: unknown action 'recipt'. Did you mean 'receipt'?
                      - recipt: { title: "Receipt {{order}}" }
                        ^
                """#
        ),
        WrongBotFile(
            "an unknown key at the top",
            text: #"""
                bot: t
                behaviors: []
                """#,
            expected: #"""
                bots/t.yaml:1:1: 'behaviours' is missing: a list of triggers and steps
                bot: t
                ^
                bots/t.yaml:2:1: unknown key 'behaviors'. Did you mean 'behaviours'?
                behaviors: []
                ^
                """#
        ),
        WrongBotFile(
            "an unknown key in a behaviour",
            text: #"""
                bot: t
                behaviours:
                  - when: message
                    match: x
                    do: []
                """#,
            expected: #"""
                bots/t.yaml:4:5: unknown key 'match'. Allowed here: name, when, matches, says, from, if, do.
                    match: x
                    ^
                """#
        ),
        WrongBotFile(
            "an unknown trigger",
            text: #"""
                bot: t
                behaviours:
                  - when: mesage
                    do: []
                """#,
            expected: #"""
                bots/t.yaml:3:11: unknown trigger 'mesage'. Did you mean 'message'?
                  - when: mesage
                          ^
                """#
        ),
        WrongBotFile(
            "idle without a time",
            text: #"""
                bot: t
                behaviours:
                  - when: idle
                    do: []
                """#,
            expected: #"""
                bots/t.yaml:3:11: 'idle' needs a time: 'when: { idle: 10m }'
                  - when: idle
                          ^
                """#
        ),
        WrongBotFile(
            "no trigger and no name",
            text: #"""
                bot: t
                behaviours:
                  - do: [ typing ]
                """#,
            expected: #"""
                bots/t.yaml:3:5: 'when' is missing: what starts this behaviour (or a 'name', so that 'run' can)
                  - do: [ typing ]
                    ^
                """#
        ),
        WrongBotFile(
            "no steps",
            text: #"""
                bot: t
                behaviours:
                  - when: joined
                """#,
            expected: #"""
                bots/t.yaml:3:5: 'do' is missing: the list of steps
                  - when: joined
                    ^
                """#
        ),
        WrongBotFile(
            "steps that are no list",
            text: #"""
                bot: t
                behaviours:
                  - when: joined
                    do: typing
                """#,
            expected: #"""
                bots/t.yaml:4:9: 'do' is a list, not a text
                    do: typing
                        ^
                """#
        ),
        WrongBotFile(
            "no name and no behaviours",
            text: #"""
                description: x
                """#,
            expected: #"""
                bots/t.yaml:1:1: 'bot' is missing: the bot's name
                description: x
                ^
                bots/t.yaml:1:1: 'behaviours' is missing: a list of triggers and steps
                description: x
                ^
                """#
        ),
        WrongBotFile(
            "a name that cannot be one",
            text: #"""
                bot: my bot
                behaviours: []
                """#,
            expected: #"""
                bots/t.yaml:1:6: 'my bot' cannot name a bot: at most 64 of the letters A to Z, digits, _ and -
                bot: my bot
                     ^
                """#
        ),
        WrongBotFile(
            "behaviours that are no list",
            text: #"""
                bot: t
                behaviours: none
                """#,
            expected: #"""
                bots/t.yaml:2:13: 'behaviours' is a list, not a text
                behaviours: none
                            ^
                """#
        ),
        WrongBotFile(
            "a file that is a list",
            text: #"""
                - bot: t
                """#,
            expected: #"""
                bots/t.yaml:1:1: a bot file is a mapping of keys and values, not a list
                - bot: t
                ^
                """#
        ),
        WrongBotFile(
            "an unknown sender",
            text: #"""
                bot: t
                behaviours:
                  - when: message
                    from: costumer
                    do: []
                """#,
            expected: #"""
                bots/t.yaml:4:11: unknown sender 'costumer'. Did you mean 'customer'?
                    from: costumer
                          ^
                """#
        ),
        WrongBotFile(
            "a behaviour that is not there",
            text: #"""
                bot: t
                behaviours:
                  - name: greet
                    do: []
                  - when: joined
                    do:
                      - run: great
                """#,
            expected: #"""
                bots/t.yaml:7:14: unknown behaviour 'great'. Did you mean 'greet'?
                      - run: great
                             ^
                """#
        ),
        WrongBotFile(
            "two behaviours of one name",
            text: #"""
                bot: t
                behaviours:
                  - name: greet
                    do: []
                  - name: greet
                    do: []
                """#,
            expected: #"""
                bots/t.yaml:5:11: another behaviour is called 'greet' already
                  - name: greet
                          ^
                """#
        ),
        WrongBotFile(
            "a say after the end",
            text: #"""
                bot: t
                behaviours:
                  - when: ended
                    do:
                      - log: over
                      - say: Bye
                """#,
            expected: #"""
                bots/t.yaml:6:9: after 'ended' the chat is over: only 'set', 'log' and the actions of modules are possible
                      - say: Bye
                        ^
                """#
        ),
        WrongBotFile(
            "a leave after the end, in a branch of another behaviour",
            text: #"""
                bot: t
                behaviours:
                  - name: finish
                    do:
                      - if: "{{customer.name}}"
                        then: [ leave ]
                  - when: ended
                    do:
                      - run: finish
                """#,
            expected: #"""
                bots/t.yaml:6:17: after 'ended' the chat is over: only 'set', 'log' and the actions of modules are possible
                        then: [ leave ]
                                ^
                """#
        ),
        WrongBotFile(
            "an unknown key of the participant",
            text: #"""
                bot: t
                participant: { name: T }
                behaviours: []
                """#,
            expected: #"""
                bots/t.yaml:2:16: unknown key 'name'. Allowed here: display_name.
                participant: { name: T }
                               ^
                """#
        ),
        WrongBotFile(
            "a module that is both",
            text: #"""
                bot: t
                modules:
                  orders: { mcp: [python3], library: Orders }
                behaviours: []
                """#,
            expected: #"""
                bots/t.yaml:3:11: a module has either 'mcp: [command, arguments...]' or 'library: name or path'
                  orders: { mcp: [python3], library: Orders }
                          ^
                """#
        ),
        WrongBotFile(
            "a module whose command is a text",
            text: #"""
                bot: t
                modules:
                  orders: { mcp: python3 server.py }
                behaviours: []
                """#,
            expected: #"""
                bots/t.yaml:3:18: 'mcp' is a list: the command and its arguments
                  orders: { mcp: python3 server.py }
                                 ^
                """#
        ),
        WrongBotFile(
            "three problems at once",
            text: #"""
                bot: t
                behaviours:
                  - when: mesage
                    do:
                      - sya: Hello
                      - wait: 5
                """#,
            expected: #"""
                bots/t.yaml:3:11: unknown trigger 'mesage'. Did you mean 'message'?
                  - when: mesage
                          ^
                bots/t.yaml:5:9: unknown action 'sya'. Did you mean 'say'?
                      - sya: Hello
                        ^
                bots/t.yaml:6:15: '5' has no unit: write 5s, 5m, 5h or 5ms
                      - wait: 5
                              ^
                """#
        ),
    ]
}
