import Foundation

extension Conversation {
    private static let menu = """
        {"data":{"content":{"elements":[{"title":"Opening hours"},{"title":"Send the transcript"},{"title":"Talk to a person"}],\
        "title":"What can I do for you?"}},"templateType":"QuickReply","version":"1.0"}
        """
    private static let grades = """
        {"data":{"content":{"elements":[{"title":"Excellent"},{"title":"Good"},{"title":"Poor"}],"title":"How was your stay?"}},\
        "templateType":"QuickReply","version":"1.0"}
        """
    private static let handle = #"{"name":"a.csv","type":"text/csv","size":3,"sha256":"ab"}"#

    /// The bots of this repository that choose, hand over and summarise.
    static let guests = [
        Conversation(
            name: "the concierge shows what it can do, and hands over",
            bot: file("concierge"),
            script: """
                joined Ada
                  1 say Good day, Ada. I am the concierge.
                done 1
                  2 show \(menu)
                done 2
                customer: opening hours
                  3 say Our hours. Breakfast room: 7:00 to 10:30. Pool: 9:00 to 20:00. Bar: 17:00 to 1:00.
                done 3
                  4 say Type menu for more.
                done 4
                customer: menu
                  5 show \(menu)
                done 5
                customer: I want a human!
                  6 say I will fetch a colleague. What is it about?
                done 6
                customer: the bill
                  7 say Thank you. One moment, please.
                done 7
                  8 info at t.yaml:86: leaving contact c-1, because of: the bill
                  9 leave
                done 9
                ended
                  10 info at t.yaml:95: the chat is over; the reason that was kept: the bill
                """
        ),
        Conversation(
            name: "the concierge leaves when nobody is there",
            bot: file("concierge"),
            script: """
                joined
                  1 say Good day, dear guest. I am the concierge.
                done 1
                  2 show \(menu)
                done 2
                +300s
                  3 say Type menu whenever you need me.
                done 3
                +300s
                  4 say Are you still there?
                done 4
                +300s
                  5 say I will leave you to it. Goodbye.
                done 5
                  6 info at t.yaml:86: leaving contact c-1, because of: silence
                  7 leave
                """
        ),
        Conversation(
            name: "the survey asks until the answers fit, and sends them",
            bot: file("survey"),
            script: """
                joined
                  1 say Thank you for taking part. Four questions, and it is done.
                done 1
                  2 show \(grades)
                done 2
                customer: poor
                  3 say How many nights did you stay? A number from 1 to 60, please.
                done 3
                customer: 61
                  4 say How many nights did you stay? A number from 1 to 60, please.
                done 4
                customer: 14
                  5 say Your e-mail address, or 'none'?
                done 5
                customer: Ada@Example.org
                  6 say We are sorry. What went wrong?
                done 6
                customer: =1+1, the shower
                  7 call documents.table {"columns":["Question","Answer"],"format":"csv","name":"survey","rows":[\
                ["Stay, from 1 to 3",1],["Nights","14"],["E-mail","ada@example.org"],["Comment","=1+1, the shower"]]}
                done 7 \(handle)
                  8 attach a.csv
                done 8
                  9 say Two weeks or more: the next coffee is on us!
                done 9
                  10 say Thank you. These are your answers. Goodbye.
                done 10
                  11 leave
                """
        ),
        Conversation(
            name: "the survey gives up when no answer fits",
            bot: file("survey"),
            script: """
                joined
                  1 say Thank you for taking part. Four questions, and it is done.
                done 1
                  2 show \(grades)
                done 2
                +300s
                  3 say We leave it at that. Thank you all the same.
                done 3
                  4 leave
                """
        ),
    ]
}
