import ActionKit
import Foundation

/// Where the REPL tells what it has to tell.
protocol ReplDisplay: Sendable {
    func show(_ output: ReplOutput, _ settings: Settings)
    func set(prompt: String, _ settings: Settings)
    /// One line that is drawn over and over; empty for none.
    func set(status: String)
    func set(busy isBusy: Bool)
    /// The last thing that is shown.
    func close(_ lines: [String])
}

/// For whoever reads standard output: data there, everything else on standard error. JSON is all data.
struct PlainDisplay: ReplDisplay {
    let renderer: TextRenderer

    func show(_ output: ReplOutput, _ settings: Settings) {
        if settings.json { return Terminal.answer(EventJSON(output).json.serialized()) }
        guard let text = renderer.text(output, settings) else { return }
        switch output {
        case .item, .answer: Terminal.answer(text)
        case .upload, .ended, .notice, .problem, .line, .done: Terminal.tell(text)
        }
    }

    func set(prompt: String, _ settings: Settings) {}

    func set(status: String) {}

    func set(busy isBusy: Bool) {}

    func close(_ lines: [String]) {}
}

/// A terminal: what is shown is drawn above the line that is being typed.
struct TerminalDisplay: ReplDisplay {
    let renderer: TextRenderer
    let port: EditorPort

    func show(_ output: ReplOutput, _ settings: Settings) {
        if settings.json { return port.show(EventJSON(output).json.serialized().visible(isUnicode: renderer.isUnicode)) }
        if case .upload(let upload) = output { port.set(status: upload.isFinal ? "" : UploadText(upload).bar.visible(isUnicode: false)) }
        if let text = renderer.text(output, settings) { port.show(text) }
    }

    func set(prompt: String, _ settings: Settings) {
        let text = prompt.visible(isUnicode: renderer.isUnicode)
        guard settings.colour, let last = text.last else { return port.set(prompt: text) }
        // The editor takes what is between the marks for nothing that moves the cursor.
        port.set(prompt: "\u{1}\u{1b}[1m\u{1}\(text.dropLast())\u{1}\u{1b}[0m\u{1}\(last)")
    }

    func set(status: String) {
        port.set(status: status.visible(isUnicode: false))
    }

    func set(busy isBusy: Bool) {
        port.set(busy: isBusy)
        if !isBusy { port.set(status: "") }
    }

    func close(_ lines: [String]) {
        for line in lines { port.show("-- " + line.visible(isUnicode: renderer.isUnicode)) }
        port.close()
    }
}
