import ConnectWire

extension Conversation {
    /// Which behaviour runs, and what waits meanwhile.
    static let runs = [
        Conversation(
            name: "the first behaviour that fits wins, then 'unmatched'",
            bot: """
                bot: t
                behaviours:
                  - when: message
                    says: [Hi, hello there]
                    do: [ say: "greeted" ]
                  - when: message
                    matches: 'order (?<number>\\d+)(?<letter>[a-z])?'
                    do: [ say: "{{number}} {{match.1}} {{match.0}} {{letter | default: none}}" ]
                  - when: message
                    matches: order
                    do: [ say: "which order?" ]
                  - when: unmatched
                    do: [ say: "what is '{{message.text}}', {{customer.name}}?" ]
                """,
            script: """
                joined
                customer:  HI\u{20}
                  1 say greeted
                done 1
                customer: Hello  There
                  2 say what is 'Hello  There', Customer?
                done 2
                customer: My ORDER 42
                  3 say 42 42 ORDER 42 none
                done 3
                customer: order 7b
                  4 say 7 7 order 7b b
                done 4
                customer: order
                  5 say which order?
                """
        ),
        Conversation(
            name: "senders, and what is given of an item",
            bot: """
                bot: t
                behaviours:
                  - when: message
                    from: [agent, supervisor]
                    do: [ say: "{{message.from}} {{message.sender}} {{message.type}}" ]
                  - when: message
                    from: anyone
                    if: { equals: ["{{message.from}}", system] }
                    do: [ say: "system" ]
                  - when: message
                    do: [ say: "customer" ]
                  - when: attachment
                    do: [ say: "{{attachment.name}} {{attachments | count}} {{attachment.id}} {{attachment.status}} {{attachment.type}}" ]
                  - when: event
                    type: participant.joined
                    from: agent
                    do: [ say: "{{event.type}} by {{event.sender}}" ]
                  - when: event
                    do: [ say: "some event" ]
                """,
            script: """
                joined
                agent: x
                  1 say agent Agent text/plain
                done 1
                system: x
                  2 say system
                done 2
                custom_bot: x
                customer: x
                  3 say customer
                done 3
                customer attaches a.pdf
                  4 say a.pdf 1 f-1 APPROVED application/pdf
                done 4
                agent attaches a.pdf
                agent event participant.joined
                  5 say participant.joined by Agent
                done 5
                agent event participant.left
                customer event typing
                  6 say some event
                """
        ),
        Conversation(
            name: "a bot that is the customer talks to agents and bots",
            bot: """
                bot: t
                behaviours:
                  - when: message
                    do: [ ask: "{{message.from}}?" ]
                """,
            role: .customer,
            script: """
                joined
                customer: x
                agent: x
                  1 say agent?
                done 1
                customer: not for me
                custom_bot: the answer
                custom_bot: y
                  2 say custom_bot?
                """
        ),
        Conversation(
            name: "'joined' runs once, first, and what came before waits for it",
            bot: """
                bot: t
                behaviours:
                  - when: joined
                    if: "{{contact.attributes.vip}}"
                    do: [ say: "Welcome, very important" ]
                  - when: joined
                    if: { equals: ["{{contact.attributes.tier}}", gold] }
                    do: [ say: "Hello {{customer.name}} of {{contact.id}}" ]
                  - when: joined
                    do: [ say: "never" ]
                  - when: message
                    do: [ say: "{{message.text}}" ]
                """,
            script: """
                customer: early
                joined Ada
                  1 say Hello Ada of c-1
                joined Ada
                done 1
                  2 say early
                """
        ),
        Conversation(
            name: "what comes during an effect or a wait is handled in order",
            bot: """
                bot: t
                behaviours:
                  - when: message
                    says: wait
                    do: [ wait: 5s, say: waited ]
                  - when: message
                    do: [ say: "{{message.text}}" ]
                """,
            script: """
                joined
                customer: a
                  1 say a
                customer: wait
                customer: b
                done 1
                customer: c
                +4s
                +1s
                  2 say waited
                done 2
                  3 say b
                done 3
                  4 say c
                done 99
                done 3
                done 4
                """
        ),
        Conversation(
            name: "variables belong to the session, captures and results to the run",
            bot: """
                bot: t
                modules: { m: { mcp: [x] } }
                variables: { a: 1, b: 2 }
                behaviours:
                  - when: message
                    matches: 'set (?<value>\\w+)'
                    do:
                      - set: { a: "{{b}}", b: "{{a}}", last: "{{value}}" }
                      - m.act: { a: "{{a}}", b: "{{b}}" }
                        as: result
                      - say: "{{a}} {{b}} {{result.x}}"
                  - when: message
                    do: [ say: "{{a}} {{b}} {{last | default: none}} {{value | default: none}} {{result | default: none}}" ]
                """,
            script: """
                joined
                customer: show
                  1 say 1 2 none none none
                done 1
                customer: set x
                  2 call m.act {"a":2,"b":1}
                done 2 {"x": 19.90}
                  3 say 2 1 19.90
                done 3
                customer: show
                  4 say 2 1 x none none
                """
        ),
        Conversation(
            name: "'run' sees and writes its caller's values, and goes back",
            bot: """
                bot: t
                behaviours:
                  - name: greet
                    do:
                      - if: { matches: ["{{message.text}}", '^hi (?<name>\\w+)'] }
                        then: [ say: "Hi {{name}}" ]
                        else: [ stop ]
                      - log: { level: debug, text: "greeted {{name}}" }
                  - when: message
                    do:
                      - run: greet
                      - say: "Bye {{name}}"
                """,
            script: """
                joined
                customer: hi Ada
                  1 say Hi Ada
                done 1
                  2 debug at t.yaml:8: greeted Ada
                  3 say Bye Ada
                done 3
                customer: hello
                """
        ),
        Conversation(
            name: "'run' has a depth",
            bot: """
                bot: t
                behaviours:
                  - when: message
                    name: again
                    do:
                      - typing
                      - if: "{{message.text}}"
                        then: [ run: again ]
                """,
            script: """
                joined
                customer: x
                \((1...32).map { "  \($0) typing" }.joined(separator: "\n"))
                  33 error at t.yaml:8: the run ends: 'run' is nested more than 32 deep
                """
        ),
        Conversation(
            name: "the end calls off what is under way, and only 'ended' runs after it",
            bot: """
                bot: t
                modules: { m: { mcp: [x] } }
                behaviours:
                  - when: message
                    do: [ m.slow: {}, say: never ]
                  - when: ended
                    do:
                      - set: { over: yes }
                      - m.report: { over: "{{over}}", customer: "{{customer.name}}" }
                        as: answer
                      - log: "{{answer}}"
                """,
            script: """
                joined Ada
                customer: x
                  1 call m.slow {}
                customer: y
                ended
                  2 cancel 1
                  3 call m.report {"customer":"Ada","over":"yes"}
                done 1
                customer: z
                ended
                done 3 "ok"
                  4 info at t.yaml:11: ok
                customer: z
                joined
                """
        ),
        Conversation(
            name: "a pattern that tries without end is logged and does not fit",
            bot: """
                bot: t
                behaviours:
                  - when: message
                    matches: '^(a+)+$'
                    do: [ say: "bomb" ]
                  - when: message
                    do: [ say: "fine" ]
                """,
            script: """
                joined
                customer: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!
                  1 error at t.yaml:3: matching the pattern '^(a+)+$' was given up after 100000 attempts. \
                Write it so that there are fewer ways to fit, for example without a repetition inside a repetition.
                  2 say fine
                """
        ),
        Conversation(
            name: "conditions",
            bot: """
                bot: t
                variables: { one: 1, list: [a, 2], object: { k: v }, text: abc, empty: "", no: false }
                behaviours:
                  - when: message
                    do:
                      - set:
                          r: ""
                      - if: { equals: ["{{one}}", "1"] }
                        then: [ set: { r: "{{r}}1" } ]
                      - if: { equals: ["{{one}}", 1.0] }
                        then: [ set: { r: "{{r}}2" } ]
                      - if: { equals: ["{{text}}", ABC] }
                        then: [ set: { r: "{{r}}-" } ]
                      - if: { contains: ["{{list}}", "2"] }
                        then: [ set: { r: "{{r}}3" } ]
                      - if: { contains: ["{{text}}", bc] }
                        then: [ set: { r: "{{r}}4" } ]
                      - if: { contains: ["{{object}}", k] }
                        then: [ set: { r: "{{r}}5" } ]
                      - if: { present: object.k }
                        then: [ set: { r: "{{r}}6" } ]
                      - if: { not: { present: "{{object.x}}" } }
                        then: [ set: { r: "{{r}}7" } ]
                      - if: { all: [ "{{text}}", { not: "{{empty}}" }, { not: "{{no}}" }, { not: "{{object.x}}" } ] }
                        then: [ set: { r: "{{r}}8" } ]
                      - if: { any: [ "{{no}}", { matches: ["{{text}}", '^(?<start>a)'] } ] }
                        then: [ set: { r: "{{r}}9{{start}}" } ]
                      - if: { any: [] }
                        else: [ set: { r: "{{r}}!" } ]
                      - say: "{{r}}"
                """,
            script: """
                joined
                customer: x
                  1 say 123456789a!
                """
        ),
    ]
}
