import Foundation

extension Conversation {
    static func file(_ name: String) -> String {
        (try? String(contentsOf: repository.appending(path: "bots/\(name).yaml"), encoding: .utf8)) ?? ""
    }

    private static let handle =
        #"{"name":"receipt-1001.txt","type":"text/plain","size":3,"sha256":"ab","total":"74.75","currency":"EUR"}"#
    private static let help = "Type: receipt <order number>, transcript, transcript csv, or bye."
    private static let lines = """
        [{"description":"Espresso cup, white","price":7.50,"quantity":4},{"description":"Coffee beans, 1 kg","price":19.90,"quantity":2},\
        {"description":"Postage","price":4.95,"quantity":1}]
        """
    private static let receipt = """
        {"currency":"EUR","customer":"Ada","format":"txt","lines":\(lines),"name":"receipt-1001","title":"Acme, order 1001"}
        """

    /// The bots of this repository.
    static let bots = [
        Conversation(
            name: "echo",
            bot: file("echo"),
            script: """
                joined
                  1 say Hello. Type something, and I say it back.
                done 1
                customer: Grüße 😀
                  2 say You said: Grüße 😀
                done 2
                agent: not you
                """
        ),
        Conversation(
            name: "a receipt, something else, and nothing more",
            bot: file("receipts"),
            script: """
                joined Ada
                  1 say Welcome to Acme. \(help)
                done 1
                customer: Receipt 1001
                  2 typing
                  3 call documents.receipt \(receipt)
                done 3 \(handle)
                  4 attach receipt-1001.txt
                done 4
                  5 say Anything else?
                done 5
                customer: yes please
                  6 say \(help)
                done 6
                customer: transcript csv
                  7 call documents.transcript {"format":"csv"}
                done 7 \(handle)
                  8 attach receipt-1001.txt
                done 8
                customer: receipt 1001
                  9 typing
                  10 call documents.receipt \(receipt)
                done 10 \(handle)
                  11 attach receipt-1001.txt
                done 11
                  12 say Anything else?
                done 12
                customer: transcript
                  13 call documents.transcript {"format":"txt"}
                done 13 \(handle)
                  14 attach receipt-1001.txt
                done 14
                customer: No
                  15 say I did not understand that. \(help)
                done 15
                customer: bye
                  16 say Goodbye.
                done 16
                  17 leave
                done 17
                ended
                """
        ),
        Conversation(
            name: "an unknown order, then silence after a receipt",
            bot: file("receipts"),
            script: """
                joined
                  1 say Welcome to Acme. \(help)
                done 1
                customer: receipt 4711
                  2 typing
                  3 say I could not find order 4711. Please check the number and try again.
                done 3
                customer: receipt 1001
                  4 typing
                  5 call documents.receipt \(receipt.replacing("Ada", with: "Customer"))
                done 5 \(handle)
                  6 attach receipt-1001.txt
                done 6
                  7 say Anything else?
                done 7
                customer: hm
                  8 say Anything else?
                done 8
                +120s
                  9 say I will leave you to it.
                done 9
                  10 leave
                done 10
                """
        ),
    ]
}
