extension WrongBotFile {
    private static func step(_ name: String, _ step: String, at column: Int, _ problem: String) -> WrongBotFile {
        WrongBotFile(
            name,
            step: "- \(step)",
            expected: """
                bots/t.yaml:5:\(column): \(problem)
                      - \(step)
                \(String(repeating: " ", count: column - 1))^
                """
        )
    }

    private static func trigger(_ name: String, _ trigger: String, at column: Int, _ problem: String) -> WrongBotFile {
        WrongBotFile(
            name,
            text: "bot: t\nbehaviours:\n  - { when: \(trigger), do: [] }",
            expected: """
                bots/t.yaml:3:\(column): \(problem)
                  - { when: \(trigger), do: [] }
                \(String(repeating: " ", count: column - 1))^
                """
        )
    }

    /// `choose`, `each`, `idle` and attachments.
    static let choices = [
        step("a choice without options", "choose: Which?", at: 9, "'choose' needs 'options': a list of what to choose from"),
        step("a choice of nothing", "{ choose: Which?, options: [] }", at: 36, "0 options: the service shows 1 to 6"),
        step(
            "a choice of too many",
            "{ choose: Which?, options: [1, 2, 3, 4, 5, 6, 7] }",
            at: 36,
            "7 options: the service shows 1 to 6"
        ),
        step(
            "options that are a text",
            "{ choose: Which?, options: red }",
            at: 36,
            "'options' is a list of texts, or of { title, subtitle, value }, not a text"
        ),
        step(
            "options out of a text with a value in it",
            "{ choose: Which?, options: \"a {{contact.id}}\" }",
            at: 36,
            "'options' takes a list, as in \"{{order.lines}}\""
        ),
        step(
            "two options that look alike",
            "{ choose: Which?, options: [Red, { title: \" red\" }] }",
            at: 36,
            "two options have the title ' red'"
        ),
        step(
            "an option without a title",
            "{ choose: Which?, options: [{ value: 1 }, a] }",
            at: 37,
            "'title' is missing: what the option shows"
        ),
        step(
            "an option that is a list",
            "{ choose: Which?, options: [[a], b] }",
            at: 37,
            "an option is a text, or { title, subtitle, value }, not a list"
        ),
        step(
            "an unknown key of an option",
            "{ choose: Which?, options: [{ title: a, valeu: 1 }] }",
            at: 49,
            "unknown key 'valeu'. Did you mean 'value'?"
        ),
        step(
            "a choice that expects",
            "{ choose: Which?, options: [a], expect: a }",
            at: 41,
            "unknown key 'expect'. Allowed here: choose, as, within, otherwise, options, subtitle, retries."
        ),
        step(
            "too many repetitions",
            "{ choose: Which?, options: [a], retries: 1000 }",
            at: 50,
            "'retries' is a whole number from 0 to 100"
        ),
        step("a loop without steps", "each: [1, 2]", at: 9, "'each' needs a 'do': the steps for each element"),
        step("a loop over nothing", "{ each: , do: [typing] }", at: 11, "'each' needs a list: '- each: ...'"),
        step("a loop over a text", "{ each: red, do: [typing] }", at: 17, "'each' takes a list, as in \"{{order.lines}}\""),
        step(
            "a loop over a mapping",
            "{ each: { a: 1 }, do: [typing] }",
            at: 17,
            "'each' takes a list, as in \"{{order.lines}}\", not a mapping"
        ),
        step(
            "steps of a loop at another step",
            "{ typing: , do: [stop] }",
            at: 21,
            "unknown key 'do'. Allowed here: typing, as, within, otherwise."
        ),
        step(
            "a comparison of three",
            "{ if: { less: [1, 2, 3] }, then: [stop] }",
            at: 23,
            "'less' compares two things: give it a list of two"
        ),
        step(
            "a presence of a text",
            "{ if: { present: \"a b\" }, then: [stop] }",
            at: 26,
            "'present' takes the name of a value, as in found.lines"
        ),
        step(
            "a file of a type that the service refuses",
            "attach: { path: list.zip }",
            at: 25,
            "the service takes no files like 'list.zip', only: csv doc docx heic jfif jpeg jpg mov mp4 pdf png ppt pptx rtf txt wav xls xlsx"
        ),
        step(
            "a file without an extension",
            "attach: { path: docs/README }",
            at: 25,
            "the service takes no files like 'README', only: csv doc docx heic jfif jpeg jpg mov mp4 pdf png ppt pptx rtf txt wav xls xlsx"
        ),
        trigger("an idle time without a unit", "{ idle: 10 }", at: 21, "'10' has no unit: write 10s, 10m, 10h or 10ms"),
        trigger(
            "another trigger with a time",
            "{ message: 10m }",
            at: 13,
            "a trigger is a name, or 'idle' with its time: 'when: { idle: 10m }'"
        ),
        trigger("two triggers", "{ idle: 1m, joined: }", at: 13, "a trigger is a name, or 'idle' with its time: 'when: { idle: 10m }'"),
        WrongBotFile(
            "an idle time without braces",
            text: """
                bot: t
                behaviours:
                  - when: idle: 10m
                    do: []
                """,
            expected: """
                bots/t.yaml:3:15: 'idle' with its time needs braces: 'when: { idle: 10m }'
                  - when: idle: 10m
                              ^
                """
        ),
        WrongBotFile(
            "a filter that idle does not have",
            text: """
                bot: t
                behaviours:
                  - when: { idle: 10m }
                    from: agent
                    do: []
                """,
            expected: """
                bots/t.yaml:4:5: unknown key 'from'. Allowed here: name, when, if, do.
                    from: agent
                    ^
                """
        ),
        WrongBotFile(
            "a loop after the end may not speak",
            text: """
                bot: t
                behaviours:
                  - when: ended
                    do:
                      - each: [1]
                        do: [typing]
                """,
            expected: """
                bots/t.yaml:6:14: after 'ended' the chat is over: only 'set', 'log' and the actions of modules are possible
                        do: [typing]
                             ^
                """
        ),
    ]
}
