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
            "limits that are none",
            text: #"""
                bot: t
                limits: { messages_per_minute: 0, message: 3 }
                behaviours:
                  - when: joined
                    do: [ typing ]
                """#,
            expected: #"""
                bots/t.yaml:2:32: 'messages_per_minute' is a whole number from 1 to 10000, or off
                limits: { messages_per_minute: 0, message: 3 }
                                               ^
                bots/t.yaml:2:35: unknown key 'message'. Allowed here: messages_per_minute.
                limits: { messages_per_minute: 0, message: 3 }
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
            "options of modules that cannot be",
            text: #"""
                bot: t
                modules:
                  documents: { mcp: [x] }
                  a: { mcp: [x], timeout: 5, concurrency: 0, trust: yes, pin: "1234" }
                  b: { mcp: [x], limits: { memory: 5, cpus: 1 }, env: { A: { from: ATTACHE_KEY } }, protocol: old }
                  c: { library: C, env: { A: b } }
                  d: { libary: C }
                behaviours: []
                """#,
            expected: #"""
                bots/t.yaml:3:3: 'documents' is a built-in module, so no other can have that name
                  documents: { mcp: [x] }
                  ^
                bots/t.yaml:4:27: '5' has no unit: write 5s, 5m, 5h or 5ms
                  a: { mcp: [x], timeout: 5, concurrency: 0, trust: yes, pin: "1234" }
                                          ^
                bots/t.yaml:4:43: 'concurrency' is a whole number from 1 to 64
                  a: { mcp: [x], timeout: 5, concurrency: 0, trust: yes, pin: "1234" }
                                                          ^
                bots/t.yaml:4:53: 'trust' is true or false
                  a: { mcp: [x], timeout: 5, concurrency: 0, trust: yes, pin: "1234" }
                                                                    ^
                bots/t.yaml:4:63: 'pin' is what 'attache module list' prints: sha256: and 64 hexadecimal digits
                  a: { mcp: [x], timeout: 5, concurrency: 0, trust: yes, pin: "1234" }
                                                                              ^
                bots/t.yaml:5:36: '5' is not a size: a number and a unit, as in 512KB, 256MB, 2GB
                  b: { mcp: [x], limits: { memory: 5, cpus: 1 }, env: { A: { from: ATTACHE_KEY } }, protocol: old }
                                                   ^
                bots/t.yaml:5:39: unknown key 'cpus'. Did you mean 'cpu'?
                  b: { mcp: [x], limits: { memory: 5, cpus: 1 }, env: { A: { from: ATTACHE_KEY } }, protocol: old }
                                                      ^
                bots/t.yaml:5:68: 'ATTACHE_KEY' is the host's own: no module is given it
                  b: { mcp: [x], limits: { memory: 5, cpus: 1 }, env: { A: { from: ATTACHE_KEY } }, protocol: old }
                                                                                   ^
                bots/t.yaml:5:95: unknown protocol 'old'. Known: auto, modern, legacy.
                  b: { mcp: [x], limits: { memory: 5, cpus: 1 }, env: { A: { from: ATTACHE_KEY } }, protocol: old }
                                                                                                              ^
                bots/t.yaml:6:20: 'env' is for modules with 'mcp': a native library runs in the host's own process
                  c: { library: C, env: { A: b } }
                                   ^
                bots/t.yaml:7:8: unknown key 'libary'. Did you mean 'library'?
                  d: { libary: C }
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
