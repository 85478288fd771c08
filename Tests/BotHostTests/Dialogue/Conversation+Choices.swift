extension Conversation {
    private static let menu = """
        bot: t
        behaviours:
          - when: message
            says: help
            do: [ say: "I help" ]
          - when: message
            says: menu
            do:
              - choose: "Which?"
                subtitle: "Pick one"
                options:
                  - { title: Red wine, value: { colour: red } }
                  - { title: White, subtitle: dry }
                  - 3
                as: wine
                retries: 1
                within: 2m
                otherwise: [ say: "{{error.kind}}: {{error.reason}}", stop ]
              - say: "{{wine | json}} {{message.text}}"
          - when: message
            says: quick
            do:
              - choose: "Coffee?"
                options: [yes, no]
                as: answer
              - say: "{{answer}}"
        """

    private static let list = #"""
        {"data":{"content":{"elements":[{"title":"Red wine"},{"subtitle":"dry","title":"White"},{"title":"3"}],\#
        "subtitle":"Pick one","title":"Which?"}},"templateType":"ListPicker","version":"1.0"}
        """#.replacing("\n", with: "")
    private static let quick =
        #"{"data":{"content":{"elements":[{"title":"yes"},{"title":"no"}],"title":"Coffee?"}},"templateType":"QuickReply","version":"1.0"}"#

    /// `choose`.
    static let choices = [
        Conversation(
            name: "the title that comes back as a text chooses, in any case",
            bot: menu,
            script: """
                joined
                customer: menu
                  1 show \(list)
                done 1
                customer:  red WINE
                  2 say {"colour":"red"}  red WINE
                done 2
                customer: menu
                  3 show \(list)
                customer: 3
                done 3
                  4 say 3 3
                done 4
                customer: quick
                  5 show \(quick)
                done 5
                customer: No
                  6 say no
                """
        ),
        Conversation(
            name: "an interactive response chooses by its action, or by the only option in it",
            bot: menu,
            script: """
                joined
                customer: menu
                  1 show \(list)
                done 1
                customer chooses {"templateType":"ListPicker","action":"White","data":{"content":{"elements":[{"title":"Red wine"},{"title":"White"}]}}}
                  2 say "White" {"templateType":"ListPicker","action":"White","data":{"content":{"elements":[{"title":"Red wine"},{"title":"White"}]}}}
                done 2
                customer: quick
                  3 show \(quick)
                done 3
                customer chooses {"data":{"content":{"elements":[{"title":"yes"}],"title":"Coffee?"}}}
                  4 say yes
                """
        ),
        Conversation(
            name: "what is no option is for other behaviours, or the picker comes again",
            bot: menu,
            script: """
                joined
                customer: menu
                  1 show \(list)
                done 1
                customer: help
                  2 say I help
                done 2
                customer: menu
                  3 show \(list)
                done 3
                customer: beer
                  4 show \(list)
                done 4
                customer chooses {"not": "an option
                  5 say unanswered: no answer that fits after asking 2 times
                done 5
                customer: menu
                  6 show \(list)
                done 6
                +119s
                +1s
                  7 say timeout: no answer within 2m
                """
        ),
        Conversation(
            name: "options out of a value",
            bot: """
                bot: t
                variables: { rooms: [{ title: Single, value: 1 }, { title: Double, value: 2 }] }
                behaviours:
                  - when: message
                    says: none
                    do: [ set: { rooms: [] } ]
                  - when: message
                    says: same
                    do: [ set: { rooms: [x, { title: " X " }] } ]
                  - when: message
                    says: odd
                    do: [ set: { rooms: [[1]] } ]
                  - when: message
                    says: text
                    do: [ set: { rooms: "x" } ]
                  - when: message
                    do:
                      - choose: "{{message.text}}?"
                        options: "{{rooms}}"
                        as: room
                      - say: "{{room}}"
                """,
            script: """
                joined
                customer: Room
                  1 show {"data":{"content":{"elements":[{"title":"Single"},{"title":"Double"}],"title":"Room?"}},"templateType":"QuickReply","version":"1.0"}
                done 1
                customer: double
                  2 say 2
                done 2
                customer: none
                customer: x
                  3 error at t.yaml:18: the run ends: 0 options: the service shows 1 to 6
                customer: same
                customer: x
                  4 error at t.yaml:18: the run ends: two options have the title ' X '
                customer: odd
                customer: x
                  5 error at t.yaml:18: the run ends: an option has no title: [1]
                customer: text
                customer: x
                  6 error at t.yaml:18: the run ends: the options are not a list
                """
        ),
    ]

    /// `each`.
    static let loops = [
        Conversation(
            name: "the steps are done for every element, with pauses, and the list is as it was at the beginning",
            bot: """
                bot: t
                variables: { lines: [{ item: Cup, price: 7.50 }, { item: Tea, price: 9 }], text: x }
                behaviours:
                  - when: message
                    do:
                      - each: "{{lines}}"
                        as: line
                        do:
                          - set: { lines: [] }
                          - say: "{{line.item}} {{this.price}}"
                          - each: [1, 2]
                            as: number
                            do: [ log: "{{number}} {{this}} {{line.item}}" ]
                      - each: "{{lines}}"
                        do: [ say: "never" ]
                      - say: "{{line | default: none}}"
                """,
            script: """
                joined
                customer: x
                  1 say Cup 7.50
                done 1
                  2 info at t.yaml:13: 1 1 Cup
                  3 info at t.yaml:13: 2 2 Cup
                  4 say Tea 9
                done 4
                  5 info at t.yaml:13: 1 1 Tea
                  6 info at t.yaml:13: 2 2 Tea
                  7 say none
                """
        ),
        Conversation(
            name: "what fails in the steps, and what is no list, is for the otherwise; a limit is for the whole loop",
            bot: """
                bot: t
                behaviours:
                  - when: message
                    says: text
                    do:
                      - each: "{{message.text}}"
                        do: [ log: "never" ]
                        otherwise: [ say: "{{error.reason}}" ]
                  - when: message
                    do:
                      - each: [1, 2]
                        within: 5s
                        do: [ wait: 3s, log: "{{this}}" ]
                        otherwise: [ say: "{{error.reason}}" ]
                """,
            script: """
                joined
                customer: text
                  1 say what 'each' was given is not a list
                done 1
                customer: x
                +3s
                  2 info at t.yaml:13: 1
                +2s
                  3 say not done within 5s
                """
        ),
    ]

    private static let patience = """
        bot: t
        behaviours:
          - when: message
            says: ask
            do:
              - ask: "Well?"
                within: 30s
                otherwise: [ log: "no answer" ]
          - when: message
            says: busy
            do: [ wait: 25s, log: "not busy any more" ]
          - when: { idle: 20s }
            do: [ say: "Bye", leave ]
          - when: { idle: 10s }
            if: "{{customer.name}}"
            do: [ say: "Still there, {{customer.name}}?" ]
        """

    /// `idle`.
    static let silences = [
        Conversation(
            name: "each silence is answered once, after each of its times, until the other side is heard",
            bot: patience,
            script: """
                joined Ada
                +9s
                +1s
                  1 say Still there, Ada?
                agent: not you
                done 1
                +9s
                customer: yes
                +10s
                  2 say Still there, Ada?
                done 2
                +10s
                  3 say Bye
                done 3
                  4 leave
                done 4
                +3600s
                customer event typing
                +10s
                  5 say Still there, Ada?
                """
        ),
        Conversation(
            name: "a silence is not answered where the condition does not hold, before the bot has joined, and after the end",
            bot: patience,
            script: """
                +100s
                joined
                +10s
                ended
                +100s
                """
        ),
        Conversation(
            name: "a question keeps the silence from growing",
            bot: patience,
            script: """
                joined Ada
                +5s
                customer: ask
                  1 say Well?
                +4s
                done 1
                +29s
                +1s
                  2 info at t.yaml:8: no answer
                +9s
                +1s
                  3 say Still there, Ada?
                """
        ),
        Conversation(
            name: "a silence that ends during a run is answered after it",
            bot: patience,
            script: """
                joined Ada
                customer: busy
                +20s
                +5s
                  1 info at t.yaml:11: not busy any more
                  2 say Still there, Ada?
                done 2
                +0s
                  3 say Bye
                """
        ),
    ]

    /// `less` and `greater`.
    static let comparisons = [
        Conversation(
            name: "numbers are compared by size, also those in texts",
            bot: """
                bot: t
                variables: { price: 19.90, text: "100", word: ten }
                behaviours:
                  - when: message
                    says: wrong
                    do:
                      - if: { less: ["{{word}}", 1] }
                        then: [ stop ]
                        otherwise: [ say: "{{error.reason}}" ]
                  - when: message
                    if: { greater: ["{{message.text}}", "{{price}}"] }
                    do:
                      - if: { all: [ { less: [9, "{{text}}"] }, { not: { less: [1, 1.0] } }, { not: { greater: [-2, -1] } } ] }
                        then: [ say: "more" ]
                  - when: message
                    do: [ say: "not more" ]
                """,
            script: """
                joined
                customer: 19.91
                  1 say more
                done 1
                customer: 19.90
                  2 say not more
                done 2
                customer: wrong
                  3 say "ten" is not a number to compare
                done 3
                customer: many
                  4 warning at t.yaml:10: the 'if' of this behaviour cannot be told: "many" is not a number to compare
                  5 say not more
                """
        )
    ]
}
