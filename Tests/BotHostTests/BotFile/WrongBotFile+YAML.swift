extension WrongBotFile {
    static let yaml = [
        WrongBotFile(
            "a file that is empty",
            text: #"""

                """#,
            expected: #"""
                bots/t.yaml:1:1: the file is empty
                """#
        ),
        WrongBotFile(
            "a file that is only a comment",
            text: #"""
                # nothing
                """#,
            expected: #"""
                bots/t.yaml:1:1: the file is empty
                # nothing
                ^
                """#
        ),
        WrongBotFile(
            "a template that is not quoted",
            step: #"""
                - say: {{message.text}}
                """#,
            expected: #"""
                bots/t.yaml:5:14: quote it: in YAML, a text that begins with '{{' needs quotes, as in "{{message.text}}"
                      - say: {{message.text}}
                             ^
                """#
        ),
        WrongBotFile(
            "a template that is not quoted, with more behind it",
            step: #"""
                - say: {{message.text}} is what you said
                """#,
            expected: #"""
                bots/t.yaml:5:14: quote it: in YAML, a text that begins with '{{' needs quotes, as in "{{message.text}}"
                      - say: {{message.text}} is what you said
                             ^
                """#
        ),
        WrongBotFile(
            "a template with a filter that is not quoted",
            step: #"""
                - attach: {{ file | default: x }}
                """#,
            expected: #"""
                bots/t.yaml:5:17: quote it: in YAML, a text that begins with '{{' needs quotes, as in "{{ file | default: x }}"
                      - attach: {{ file | default: x }}
                                ^
                bots/t.yaml:5:17: nothing gives 'file' a value. 'variables', 'set', 'as' and the groups of patterns do.
                      - attach: {{ file | default: x }}
                                ^
                """#
        ),
        WrongBotFile(
            "a block that is not quoted",
            step: #"""
                - say: {{#if message.text}}yes{{/if}}
                """#,
            expected: #"""
                bots/t.yaml:5:14: quote it: in YAML, a text that begins with '{{' needs quotes, as in "{{#if message.text}}"
                      - say: {{#if message.text}}yes{{/if}}
                             ^
                """#
        ),
        WrongBotFile(
            "a parameter that is not quoted",
            step: #"""
                - receipt: { title: x, currency: EUR, lines: {{lines}} }
                """#,
            expected: #"""
                bots/t.yaml:5:52: quote it: in YAML, a text that begins with '{{' needs quotes, as in "{{lines}}"
                      - receipt: { title: x, currency: EUR, lines: {{lines}} }
                                                                   ^
                bots/t.yaml:5:52: nothing gives 'lines' a value. 'variables', 'set', 'as' and the groups of patterns do.
                      - receipt: { title: x, currency: EUR, lines: {{lines}} }
                                                                   ^
                """#
        ),
        WrongBotFile(
            "a key that is there twice",
            text: #"""
                bot: t
                behaviours:
                  - when: joined
                    do: []
                    when: message
                """#,
            expected: #"""
                bots/t.yaml:5:5: the key 'when' is already in line 3
                    when: message
                    ^
                """#
        ),
        WrongBotFile(
            "a tab",
            text: #"""
                bot: t
                behaviours:
                	- when: joined
                """#,
            expected: #"""
                bots/t.yaml:3:1: a tab cannot indent YAML: use spaces
                	- when: joined
                ^
                """#
        ),
        WrongBotFile(
            "a colon in a text without quotes",
            step: #"""
                - say: Hello: you
                """#,
            expected: #"""
                bots/t.yaml:5:19: a text with ': ' in it needs quotes around it (or the indentation of this line is wrong)
                      - say: Hello: you
                                  ^
                """#
        ),
        WrongBotFile(
            "a quote that is not closed",
            step: #"""
                - say: "Hello
                """#,
            expected: #"""
                bots/t.yaml:5:14: the quote that begins here is never closed
                      - say: "Hello
                             ^
                """#
        ),
        WrongBotFile(
            "two documents",
            text: #"""
                bot: t
                behaviours: []
                ---
                bot: u
                """#,
            expected: #"""
                bots/t.yaml:3:1: a bot file is one YAML document, but another begins here
                ---
                ^
                """#
        ),
        WrongBotFile(
            "a tag",
            text: #"""
                bot: !!int t
                behaviours: []
                """#,
            expected: #"""
                bots/t.yaml:1:6: the tag '!!int' has no meaning here: leave it out
                bot: !!int t
                     ^
                """#
        ),
        WrongBotFile(
            "a merge key",
            text: #"""
                bot: t
                behaviours:
                  - &a
                    when: joined
                    do: []
                  - <<: *a
                """#,
            expected: #"""
                bots/t.yaml:6:5: '<<' does not merge in YAML 1.2: write the keys out
                  - <<: *a
                    ^
                bots/t.yaml:6:5: 'when' is missing: what starts this behaviour (or a 'name', so that 'run' can)
                  - <<: *a
                    ^
                bots/t.yaml:6:5: 'do' is missing: the list of steps
                  - <<: *a
                    ^
                """#
        ),
        WrongBotFile(
            "an alias of nothing",
            text: #"""
                bot: t
                behaviours: *nowhere
                """#,
            expected: #"""
                bots/t.yaml:2:13: no anchor of this name stands before the alias (and what an anchor names cannot contain itself)
                behaviours: *nowhere
                            ^
                """#
        ),
        WrongBotFile(
            "an anchor that contains itself",
            text: #"""
                bot: t
                variables:
                  a: &a [1, *a]
                behaviours: []
                """#,
            expected: #"""
                bots/t.yaml:3:13: no anchor of this name stands before the alias (and what an anchor names cannot contain itself)
                  a: &a [1, *a]
                            ^
                """#
        ),
        WrongBotFile(
            "a key that is an alias",
            text: #"""
                bot: &a t
                variables:
                  *a : 1
                behaviours: []
                """#,
            expected: #"""
                bots/t.yaml:3:3: a key is a text: it cannot be an alias, a list or a mapping
                  *a : 1
                  ^
                """#
        ),
        WrongBotFile(
            "a key that is a list",
            text: #"""
                bot: t
                variables:
                  [a]: 1
                behaviours: []
                """#,
            expected: #"""
                bots/t.yaml:3:3: a key is a text: it cannot be a list or a mapping
                  [a]: 1
                  ^
                """#
        ),
        WrongBotFile(
            "a control character",
            text: #"""
                bot: t
                behaviours:
                  - when: \#u{7}
                """#,
            expected: #"""
                bots/t.yaml:3:11: not valid YAML: control characters are not allowed
                  - when: �
                          ^
                """#
        ),
        WrongBotFile(
            "wide characters before the place",
            step: #"""
                - say: "日本語 😀 {{message.text | uper}}"
                """#,
            expected: #"""
                bots/t.yaml:5:38: unknown filter 'uper'. Did you mean 'upper'?
                      - say: "日本語 😀 {{message.text | uper}}"
                                                         ^
                """#
        ),
    ]
}
