extension Conversation {
    private static let handle = #"{"name":"a.txt","type":"text/plain","size":3,"sha256":"ab"}"#

    /// What fails, and what is out of time.
    static let failures = [
        Conversation(
            name: "without 'otherwise' the run ends, and what waited goes on",
            bot: """
                bot: t
                behaviours:
                  - when: message
                    says: bad
                    do:
                      - say: "{{message.nothing}}"
                      - say: "never"
                  - when: message
                    do: [ say: one, say: two ]
                """,
            script: """
                joined
                customer: bad
                  1 error at t.yaml:6: the run ends: 'message.nothing' has no value
                customer: good
                  2 say one
                customer: good
                failed 2 the message was refused
                  3 error at t.yaml:9: the run ends: the message was refused
                  4 say one
                """
        ),
        Conversation(
            name: "after 'otherwise' the run goes on, unless it stopped",
            bot: """
                bot: t
                modules: { m: { mcp: [x] } }
                behaviours:
                  - when: message
                    do:
                      - m.a: {}
                        as: value
                        otherwise:
                          - say: "{{error.kind}} {{error.reason}}"
                          - if: { equals: ["{{message.text}}", stop] }
                            then: [ stop ]
                      - say: "on {{value | default: nothing}} {{error | default: fine}}"
                """,
            script: """
                joined
                customer: go
                  1 call m.a {}
                failed 1 no luck
                  2 say failed no luck
                done 2
                  3 say on nothing fine
                done 3
                customer: stop
                  4 call m.a {}
                failed 4
                  5 say failed broken
                done 5
                customer: go
                  6 call m.a {}
                done 6 5
                  7 say on 5 fine
                """
        ),
        Conversation(
            name: "a failure goes to the nearest step around it that has an 'otherwise', but not to the one that it is in",
            bot: """
                bot: t
                modules: { m: { mcp: [x] } }
                behaviours:
                  - name: inner
                    do:
                      - m.a: {}
                      - say: never
                  - when: message
                    do:
                      - if: "{{message.text}}"
                        then:
                          - run: inner
                            otherwise:
                              - say: "inner {{error.reason}}"
                              - m.b: {}
                          - say: never
                        otherwise:
                          - say: "outer {{error.reason}}"
                          - m.c: {}
                      - say: never
                """,
            script: """
                joined
                customer: x
                  1 call m.a {}
                failed 1 first
                  2 say inner first
                done 2
                  3 call m.b {}
                failed 3 second
                  4 say outer second
                done 4
                  5 call m.c {}
                failed 5 third
                  6 error at t.yaml:19: the run ends: third
                """
        ),
        Conversation(
            name: "'failed' hears of it, once",
            bot: """
                bot: t
                modules: { m: { mcp: [x] } }
                behaviours:
                  - when: message
                    do: [ m.a: {} ]
                  - when: failed
                    if: { contains: ["{{error.reason}}", quiet] }
                    do: [ log: "quiet" ]
                  - when: failed
                    do:
                      - say: "{{message.text}} failed: {{error.reason}}"
                """,
            script: """
                joined
                customer: x
                  1 call m.a {}
                failed 1 loudly
                  2 error at t.yaml:5: the run ends: loudly
                  3 say x failed: loudly
                failed 3 again
                  4 error at t.yaml:11: the run ends: again
                customer: y
                  5 call m.a {}
                failed 5 quietly
                  6 error at t.yaml:5: the run ends: quietly
                  7 info at t.yaml:8: quiet
                """
        ),
        Conversation(
            name: "a call that takes too long is called off, and its late outcome changes nothing",
            bot: """
                bot: t
                modules: { m: { mcp: [x] } }
                behaviours:
                  - when: message
                    do:
                      - m.a: {}
                        within: 5s
                        otherwise: [ say: "{{error.kind}}: {{error.reason}}" ]
                      - m.b: {}
                        within: 500ms
                """,
            script: """
                joined
                customer: x
                  1 call m.a {} within 5s
                +4s
                +1s
                  2 cancel 1
                  3 say timeout: not done within 5s
                done 1 "late"
                done 3
                  4 call m.b {} within 0s
                +1s
                  5 cancel 4
                  6 error at t.yaml:9: the run ends: not done within 500ms
                """
        ),
        Conversation(
            name: "the limit of an 'if' is for all of its steps",
            bot: """
                bot: t
                behaviours:
                  - when: message
                    do:
                      - if: "{{message.text}}"
                        within: 10s
                        then:
                          - wait: 6s
                          - ask: "Still there?"
                            within: 1h
                          - say: never
                        otherwise: [ say: "{{error.reason}}" ]
                      - wait: 10s
                        within: 3s
                        otherwise: [ say: "short" ]
                      - wait: 3s
                        within: 3s
                      - say: done
                """,
            script: """
                joined
                customer: x
                +6s
                  1 say Still there?
                done 1
                +3s
                +1s
                  2 say not done within 10s
                done 2
                +3s
                  3 say short
                done 3
                +3s
                  4 say done
                """
        ),
        Conversation(
            name: "files: what a step made, or what is in the folder, within two minutes",
            bot: """
                bot: t
                modules: { m: { mcp: [x] } }
                variables: { folder: terms, name: Ada }
                behaviours:
                  - when: message
                    do:
                      - m.make: {}
                        as: file
                      - attach: "{{file}}"
                        otherwise: [ say: "{{error.reason}}" ]
                      - attach: { path: "{{folder}}/{{message.text}}.pdf" }
                        otherwise: [ say: "{{error.reason}}" ]
                      - attach: "{{name}}"
                """,
            script: """
                joined
                customer: de
                  1 call m.make {}
                done 1 \(handle)
                  2 attach a.txt
                +119s
                +1s
                  3 cancel 2
                  4 say not done within 2m
                done 4
                  5 attach from terms/de.pdf
                done 5
                  6 error at t.yaml:13: the run ends: what 'attach' was given is not a file that a step has made
                customer: ../../secret
                  7 call m.make {}
                done 7 \(handle)
                  8 attach a.txt
                done 8
                  9 say the path 'terms/../../secret.pdf' leads out of the bot's folder through '..'
                """
        ),
        Conversation(
            name: "leaving ends the run, unless it fails",
            bot: """
                bot: t
                behaviours:
                  - when: message
                    do:
                      - leave:
                        otherwise: [ log: { level: warning, text: "{{error.reason}}" } ]
                      - log: still here
                """,
            script: """
                joined
                customer: x
                  1 leave
                failed 1 already gone
                  2 warning at t.yaml:6: already gone
                  3 info at t.yaml:7: still here
                customer: x
                  4 leave
                done 4
                """
        ),
        Conversation(
            name: "one of several messages fails: the others are called off",
            bot: """
                bot: t
                variables: { text: "\(String(repeating: "x", count: 2049))" }
                behaviours:
                  - when: message
                    do:
                      - say: "{{text}}"
                      - say: never
                """,
            script: """
                joined
                customer: x
                  1 say \(String(repeating: "x", count: 1024))
                  2 say \(String(repeating: "x", count: 1024))
                  3 say x
                done 1
                failed 2 refused
                  4 cancel 3
                  5 error at t.yaml:6: the run ends: refused
                customer: x
                  6 say \(String(repeating: "x", count: 1024))
                  7 say \(String(repeating: "x", count: 1024))
                  8 say x
                done 6
                done 8
                done 7
                  9 say never
                """
        ),
        Conversation(
            name: "an empty message is none",
            bot: """
                bot: t
                variables: { text: " " }
                behaviours:
                  - when: message
                    do: [ say: "{{text}}" ]
                """,
            script: """
                joined
                customer: x
                  1 error at t.yaml:5: the run ends: the message is empty
                """
        ),
    ]
}
