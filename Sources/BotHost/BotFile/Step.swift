import ActionKit
import Logging

/// One step of a behaviour.
struct Step: Sendable {
    let kind: Kind
    /// The name that `as` gives to the step's value.
    let result: String?
    let within: Duration?
    let otherwise: BlockID?
    let mark: SourceMark

    var line: Int { mark.line }

    enum Kind: Sendable {
        case say(Message)
        case ask(Question)
        case choose(Choice)
        case typing
        case attach(File)
        case set([(name: String, value: ValueTemplate)])
        case branch(Condition, then: BlockID?, else: BlockID?)
        case each(ValueTemplate, BlockID)
        case log(Logger.Level, Template)
        case wait(Duration)
        /// Another behaviour's body.
        case run(BlockID)
        case stop
        case leave
        case call(Call)
    }

    struct Message: Sendable {
        let text: Template
        let isMarkdown: Bool
    }

    struct Question: Sendable {
        let message: Message
        let expect: Pattern?
        /// How often the question is repeated after an answer that does not fit.
        let retries: Int

        static let defaultRetries = 2
    }

    struct Choice: Sendable {
        let title: Template
        let subtitle: Template?
        /// A list, once its values are filled in.
        let options: ValueTemplate
        let retries: Int
    }

    enum File: Sendable {
        case value(ValueTemplate)
        case path(Template)
    }

    /// How many elements an `each` takes.
    static let eachLimit = 1000

    struct Call: Sendable {
        let module: String
        let action: String
        let parameters: ValueTemplate
    }

    /// What an `attach` may take if it does not say: scanning takes the service a while.
    static let attachWithin = Duration.seconds(120)
}
