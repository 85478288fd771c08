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
    /// What the module of orders answers.
    private static let order = #"{"currency":"EUR","lines":\#(lines)}"#
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
                  3 call orders.lookup {"id":"1001"} within 5s
                done 3 \(order)
                  4 call documents.receipt \(receipt)
                done 4 \(handle)
                  5 attach receipt-1001.txt
                done 5
                  6 say Anything else?
                done 6
                customer: yes please
                  7 say \(help)
                done 7
                customer: transcript csv
                  8 call documents.transcript {"format":"csv"}
                done 8 \(handle)
                  9 attach receipt-1001.txt
                done 9
                customer: receipt 1001
                  10 typing
                  11 call orders.lookup {"id":"1001"} within 5s
                done 11 \(order)
                  12 call documents.receipt \(receipt)
                done 12 \(handle)
                  13 attach receipt-1001.txt
                done 13
                  14 say Anything else?
                done 14
                customer: transcript
                  15 call documents.transcript {"format":"txt"}
                done 15 \(handle)
                  16 attach receipt-1001.txt
                done 16
                customer: No
                  17 say I did not understand that. \(help)
                done 17
                customer: bye
                  18 say Goodbye.
                done 18
                  19 leave
                done 19
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
                  3 call orders.lookup {"id":"4711"} within 5s
                failed 3 There is no order 4711.
                  4 say I could not find order 4711. Please check the number and try again.
                done 4
                customer: receipt 1001
                  5 typing
                  6 call orders.lookup {"id":"1001"} within 5s
                done 6 \(order)
                  7 call documents.receipt \(receipt.replacing("Ada", with: "Customer"))
                done 7 \(handle)
                  8 attach receipt-1001.txt
                done 8
                  9 say Anything else?
                done 9
                customer: hm
                  10 say Anything else?
                done 10
                +120s
                  11 say I will leave you to it.
                done 11
                  12 leave
                done 12
                """
        ),
    ]
}
