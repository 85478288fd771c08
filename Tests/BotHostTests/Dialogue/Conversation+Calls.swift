extension Conversation {
    /// What calls ask before they can go on.
    static let calls = [
        Conversation(
            name: "a question is put to the customer, and the call goes on with the answer",
            bot: """
                bot: t
                modules: { m: { mcp: [x] } }
                behaviours:
                  - when: message
                    do:
                      - m.a: { of: "{{message.text}}" }
                        as: found
                        within: 5s
                      - say: "got {{found}}"
                """,
            script: """
                joined
                customer: shirt
                  1 call m.a {"of":"shirt"} within 5s
                asks 1 integer Which size?
                  2 say Which size?
                done 2
                +60s
                customer: large
                  3 say Which size?
                done 3
                customer: 42
                  4 call m.a {"of":"shirt"} within 5s after {"q":{"action":"accept","content":{"a":42}}}
                done 4 "it"
                  5 say got it
                done 5
                """
        ),
        Conversation(
            name: "an answer that is for another behaviour gives the call up; its answer is not awaited any more",
            bot: """
                bot: t
                modules: { m: { mcp: [x] } }
                behaviours:
                  - when: message
                    says: help
                    do: [ say: "Here I am" ]
                  - when: message
                    do: [ m.a: {} ]
                """,
            script: """
                joined
                customer: go
                  1 call m.a {}
                asks 1 integer How many?
                  2 say How many?
                done 2
                customer: help
                  3 say Here I am
                done 3
                """
        ),
        Conversation(
            name: "after two repetitions the step fails, and after ten minutes",
            bot: """
                bot: t
                modules: { m: { mcp: [x] } }
                behaviours:
                  - when: message
                    do:
                      - m.a: {}
                        otherwise: [ say: "{{error.kind}}: {{error.reason}}" ]
                """,
            script: """
                joined
                customer: go
                  1 call m.a {}
                asks 1 integer How many?
                  2 say How many?
                done 2
                customer: a
                  3 say How many?
                done 3
                customer: b
                  4 say How many?
                done 4
                customer: c
                  5 say unanswered: no answer that fits after asking 3 times
                done 5
                customer: go
                  6 call m.a {}
                asks 6 integer How many?
                  7 say How many?
                done 7
                +599s
                +1s
                  8 say timeout: no answer in time
                done 8
                """
        ),
        Conversation(
            name: "a call may ask again and again, and the end of the chat ends it",
            bot: """
                bot: t
                modules: { m: { mcp: [x] } }
                behaviours:
                  - when: message
                    do: [ m.a: {} ]
                """,
            script: """
                joined
                customer: go
                  1 call m.a {}
                asks 1 integer First?
                  2 say First?
                done 2
                customer: 1
                  3 call m.a {} after {"q":{"action":"accept","content":{"a":1}}}
                asks 3 integer Second?
                  4 say Second?
                done 4
                ended
                customer: 2
                """
        ),
    ]
}
