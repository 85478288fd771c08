extension Conversation {
    private static let survey = """
        bot: t
        behaviours:
          - when: message
            says: help
            do: [ say: "I help" ]
          - when: message
            says: survey
            do:
              - ask: "Happy?"
                expect: '^(?<mood>yes|no)\\b'
                as: answer
                within: 2m
                otherwise:
                  - say: "{{error.kind}}: {{error.reason}}"
              - say: "{{answer | default: nothing}} {{mood | default: nothing}} {{message.text}}"
          - when: message
            says: name
            do:
              - ask: "Your name?"
                as: name
              - say: "Hello {{name}}"
          - when: unmatched
            do: [ say: "Pardon?" ]
        """

    /// `ask`.
    static let questions = [
        Conversation(
            name: "the next message of the other side is the answer",
            bot: survey,
            script: """
                joined
                customer: name
                  1 say Your name?
                done 1
                agent: I am an agent
                customer attaches a.pdf
                customer: help
                  2 say Hello help
                done 2
                """
        ),
        Conversation(
            name: "an answer may come before the question is known to be sent",
            bot: survey,
            script: """
                joined
                customer: name
                  1 say Your name?
                customer: Ada
                customer: help
                done 1
                  2 say Hello Ada
                done 2
                  3 say I help
                """
        ),
        Conversation(
            name: "an answer that fits",
            bot: survey,
            script: """
                joined
                customer: survey
                  1 say Happy?
                done 1
                customer: Yes, very
                  2 say Yes, very Yes Yes, very
                """
        ),
        Conversation(
            name: "an answer that does not fit is for other behaviours first",
            bot: survey,
            script: """
                joined
                customer: survey
                  1 say Happy?
                done 1
                customer: help
                  2 say I help
                done 2
                customer: yes
                  3 say Pardon?
                done 3
                customer: survey
                  4 say Happy?
                done 4
                customer: SURVEY
                  5 say Happy?
                """
        ),
        Conversation(
            name: "an answer that fits nothing makes the question come again, twice",
            bot: survey,
            script: """
                joined
                customer: survey
                  1 say Happy?
                done 1
                +100s
                customer: perhaps
                  2 say Happy?
                done 2
                +100s
                customer: maybe
                  3 say Happy?
                customer: dunno
                done 3
                  4 say unanswered: no answer that fits after asking 3 times
                done 4
                  5 say nothing nothing survey
                """
        ),
        Conversation(
            name: "an answer that does not come",
            bot: survey,
            script: """
                joined
                customer: survey
                  1 say Happy?
                +60s
                done 1
                +119s
                +1s
                  2 say timeout: no answer within 2m
                """
        ),
        Conversation(
            name: "a question that cannot be sent",
            bot: survey,
            script: """
                joined
                customer: survey
                  1 say Happy?
                failed 1 the service refused
                  2 say failed: the service refused
                """
        ),
        Conversation(
            name: "a behaviour that takes every message does not take the answer to its own question",
            bot: """
                bot: t
                behaviours:
                  - when: message
                    do:
                      - ask: "Number?"
                        expect: '\\d'
                        retries: 1
                        otherwise: [ say: "Never mind", stop ]
                      - say: "Thanks"
                """,
            script: """
                joined
                customer: hi
                  1 say Number?
                done 1
                customer: what?
                  2 say Number?
                done 2
                customer: no
                  3 say Never mind
                done 3
                """
        ),
    ]
}
