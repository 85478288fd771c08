import CEdit
import Glibc

/// Edits lines with libedit. It belongs to the one thread that ``run()`` keeps busy.
///
/// What others have to show is drawn above the line: a key that nobody can type makes libedit clear the line, and before it asks for the prompt to
/// draw the line anew, the text is written in its place.
final class LineEditor {
    private let port: EditorPort
    private let history: HistoryFile
    private let completer: @Sendable (String) -> Completion
    private let marksPastes: Bool

    private var editor: OpaquePointer?
    private var remembered: OpaquePointer?
    private var reader = KeyReader()
    private var work = EditorPort.Work()
    /// Written when libedit asks for the prompt next.
    private var outputIsDue = false
    private var prompt: [UInt32] = [0]
    private var columns = 80
    private var pastes: [PastedBlock] = []
    private var pasted: [UInt32] = []
    private var secret: [UInt8] = []
    /// The terminal as it was.
    private var original = termios()

    /// Keys that no keyboard has; libedit's map knows the first 256 characters, and these are controls in none of its modes.
    private enum Key: UInt32 {
        case show = 0x81
        case insert = 0x82
        case interrupt = 3
        case complete = 9
        case suspend = 26
    }

    private static let mark: UInt32 = 1

    /// - Parameter marksPastes: Whether the terminal is asked to mark what is pasted.
    init(port: EditorPort, history: HistoryFile, marksPastes: Bool, completer: @escaping @Sendable (String) -> Completion) {
        self.port = port
        self.history = history
        self.marksPastes = marksPastes
        self.completer = completer
    }

    /// Edits until the port is closed.
    func run() {
        let hooks = UnsafeMutablePointer<attache_editor_hooks>.allocate(capacity: 1)
        defer { hooks.deallocate() }
        hooks.initialize(
            to: attache_editor_hooks(
                context: Unmanaged.passUnretained(self).toOpaque(),
                read: { context, character in LineEditor.at(context)?.read(into: character) ?? 0 },
                prompt: { context in LineEditor.at(context)?.promptText() },
                key: { context, key in LineEditor.at(context)?.press(key) ?? UInt8(CC_ERROR) }
            )
        )
        tcgetattr(STDIN_FILENO, &original)
        guard let editor = attache_editor(hooks, Self.mark) else {
            _ = port.tell(.endOfInput)
            return
        }
        self.editor = editor
        remembered = attache_history(editor, Int32(HistoryFile.limit))
        for line in history.lines { remember(line) }
        bindKeys(editor)
        markPastes(true)
        while !port.isClosed { editLine(editor) }
        markPastes(false)
        el_end(editor)
        if let remembered { history_wend(remembered) }
        drawLast()
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> LineEditor? {
        context.map { Unmanaged<LineEditor>.fromOpaque($0).takeUnretainedValue() }
    }

    private func editLine(_ editor: OpaquePointer) {
        columns = Int(attache_columns())
        var count: Int32 = 0
        guard let line = attache_gets(editor, &count), count > 0 else {
            if port.isClosed { return }
            write("\n")
            _ = port.tell(.endOfInput)
            waitUntilClosed()
            return
        }
        let text = String(scalars: UnsafeBufferPointer(start: line, count: Int(count))).trimmingLineBreak
        let whole = pastes.reduce(text) { $0.replacing($1.label, with: $1.text) }
        if whole == text, history.add(text) { remember(text) }
        pastes = []
        if !port.tell(.line(whole)) { write("\u{7}-- too many lines wait; this one was not taken\n") }
    }

    /// Ctrl-D was told; whoever hears it may take a moment to leave.
    private func waitUntilClosed() {
        for _ in 1...50 where !port.isClosed {
            var descriptor = pollfd(fd: port.wakeUp, events: Int16(POLLIN), revents: 0)
            poll(&descriptor, 1, 20)
            write(takeOutput())
            attache_flush()
        }
    }

    /// What was told before the end is shown, too.
    private func drawLast() {
        write(takeOutput())
        attache_flush()
    }

    private func takeOutput() -> String {
        port.take().output.map { $0 + "\n" }.joined()
    }

    // MARK: What libedit calls

    private func read(into character: UnsafeMutablePointer<UInt32>?) -> Int32 {
        while !port.isClosed {
            if port.isAskingForSecret { readSecret() }
            switch reader.next() {
            case .character(let value)?:
                character?.pointee = value
                return 1
            case .paste(let text)?:
                character?.pointee = Key.insert.rawValue
                take(paste: text)
                return 1
            case nil: break
            }
            if port.hasNews, !reader.isWaiting {
                character?.pointee = Key.show.rawValue
                return 1
            }
            guard waitForInput() else { return 0 }
        }
        return 0
    }

    /// - Returns: False when the terminal is gone.
    private func waitForInput() -> Bool {
        var descriptors = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0), pollfd(fd: port.wakeUp, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&descriptors, nfds_t(descriptors.count), reader.isWaiting ? 30 : -1)
        if count == 0 { reader.giveUpWaiting() }
        guard descriptors[0].revents != 0 else { return true }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let size = Glibc.read(STDIN_FILENO, &bytes, bytes.count)
        if size > 0 { reader.feed(bytes.prefix(size)) }
        return size > 0 || (size < 0 && (errno == EINTR || errno == EAGAIN))
    }

    private func promptText() -> UnsafePointer<UInt32>? {
        if outputIsDue {
            outputIsDue = false
            write(work.output.map { $0 + "\n" }.joined())
            work.output = []
        }
        // libedit knows no line break in a prompt, but wraps at the last column.
        let status = work.status.isEmpty ? "" : String(work.status.prefix(columns)).padded(to: columns)
        prompt = (status + work.prompt).unicodeScalars.map(\.value) + [0]
        return prompt.withUnsafeBufferPointer(\.baseAddress)
    }

    private func press(_ key: UInt32) -> UInt8 {
        switch Key(rawValue: key) {
        case .show?: show()
        case .insert?: insert()
        case .interrupt?: interrupt()
        case .complete?: complete()
        case .suspend?: suspend()
        case nil: UInt8(CC_ERROR)
        }
    }

    // MARK: Keys

    private func show() -> UInt8 {
        let before = work
        work = port.take()
        if work.isResized { return resize(from: before) }
        outputIsDue = true
        return UInt8(CC_REDISPLAY)
    }

    /// The terminal has wrapped anew what was drawn, so libedit would clear too little.
    private func resize(from before: EditorPort.Work) -> UInt8 {
        guard let editor else { return UInt8(CC_NORM) }
        var text: UnsafePointer<UInt32>?
        var cursor = 0
        _ = attache_line(editor, &text, &cursor)
        let typed = UnsafeBufferPointer(start: text, count: cursor)
        let drawn =
            (before.status.isEmpty ? 0 : columns) + before.prompt.withoutMarks.count
            + typed.reduce(0) { $0 + max(0, Int(attache_width($1))) }
        columns = max(1, Int(attache_columns()))
        let rows = drawn / columns
        write("\r" + (rows > 0 ? "\u{1b}[\(rows)A" : "") + "\u{1b}[J")
        write(work.output.map { $0 + "\n" }.joined())
        work.output = []
        el_resize(editor)
        attache_refresh(editor)
        return UInt8(CC_NORM)
    }

    private func interrupt() -> UInt8 {
        guard let editor else { return UInt8(CC_NORM) }
        let isBusy = port.isBusy
        _ = port.tell(.interrupt)
        var text: UnsafePointer<UInt32>?
        var cursor = 0
        let length = attache_line(editor, &text, &cursor)
        // A command that runs is cancelled, and the line that is being typed stays.
        guard !isBusy, length > 0 else { return UInt8(CC_NORM) }
        el_cursor(editor, Int32(length - cursor))
        el_deletestr(editor, Int32(length))
        pastes = []
        return UInt8(CC_REFRESH)
    }

    private func suspend() -> UInt8 {
        guard let editor else { return UInt8(CC_NORM) }
        markPastes(false)
        attache_flush()
        attache_prepare_terminal(editor, 0)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &original)
        // To this thread, so that the process stands still before the call returns.
        raise(SIGTSTP)
        attache_prepare_terminal(editor, 1)
        markPastes(true)
        attache_refresh(editor)
        return UInt8(CC_NORM)
    }

    private func complete() -> UInt8 {
        guard let editor else { return UInt8(CC_NORM) }
        var text: UnsafePointer<UInt32>?
        var cursor = 0
        _ = attache_line(editor, &text, &cursor)
        let completion = completer(String(scalars: UnsafeBufferPointer(start: text, count: cursor)))
        if !completion.insertion.isEmpty {
            insert(completion.insertion)
            return UInt8(CC_REFRESH)
        }
        guard completion.candidates.count > 1 else { return UInt8(CC_REFRESH_BEEP) }
        work.output.append(Columns(completion.candidates, width: columns).text)
        outputIsDue = true
        return UInt8(CC_REDISPLAY)
    }

    // MARK: Pastes

    private func take(paste text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
        guard lines > 1 else {
            pasted = text.unicodeScalars.map(\.value) + [0]
            return
        }
        let block = PastedBlock(number: pastes.count + 1, lines: lines, text: text)
        pastes.append(block)
        pasted = block.label.unicodeScalars.map(\.value) + [0]
    }

    private func insert() -> UInt8 {
        guard let editor else { return UInt8(CC_NORM) }
        return attache_insert(editor, pasted) == 0 ? UInt8(CC_REFRESH) : UInt8(CC_REFRESH_BEEP)
    }

    private func insert(_ text: String) {
        pasted = text.unicodeScalars.map(\.value) + [0]
        if let editor { attache_insert(editor, pasted) }
    }

    // MARK: Secrets

    private func readSecret() {
        write("\r\u{1b}[J" + (port.take().secretPrompt ?? ""))
        attache_flush()
        secret = []
        while port.isAskingForSecret, !port.isClosed {
            switch reader.next() {
            case .character(10)?, .character(13)?: port.answer(secret: String(decoding: secret, as: UTF8.self))
            case .character(3)?, .character(4)?: port.answer(secret: nil)
            case .character(8)?, .character(127)?: if !secret.isEmpty { secret.removeLast() }
            case .character(let value)?: secret += Array(String(scalars: [value]).utf8)
            case .paste(let text)?: secret += Array(text.utf8)
            case nil: if !waitForInput() { port.answer(secret: nil) }
            }
        }
        write("\n")
        if let editor { attache_refresh(editor) }
    }

    // MARK: The terminal

    private func bindKeys(_ editor: OpaquePointer) {
        for key in ["\\201", "\\202", "^C", "^I", "^Z"] { attache_bind(editor, key, "attache") }
        // In a locale of one byte a character, libedit takes these for keys with Meta.
        for letter in 0o240...0o377 { attache_bind(editor, "\\" + String(letter, radix: 8), "ed-insert") }
        attache_bind(editor, "^R", "em-inc-search-prev")
        attache_bind(editor, "^W", "ed-delete-prev-word")
        for (sequence, command) in [
            ("\\033[3~", "ed-delete-next-char"), ("\\033[1~", "ed-move-to-beg"), ("\\033[4~", "ed-move-to-end"),
            ("\\033[H", "ed-move-to-beg"), ("\\033[F", "ed-move-to-end"), ("\\033[1;5D", "ed-prev-word"), ("\\033[1;5C", "em-next-word"),
        ] {
            attache_bind(editor, sequence, command)
        }
    }

    private func remember(_ line: String) {
        guard let remembered else { return }
        attache_remember(remembered, line.unicodeScalars.map(\.value) + [0])
    }

    private func markPastes(_ isOn: Bool) {
        if marksPastes { write("\u{1b}[?2004\(isOn ? "h" : "l")") }
    }

    private func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { attache_write($0.baseAddress, $0.count) }
        }
    }
}

/// Several lines that were pasted. The line shows a label in their place.
struct PastedBlock {
    var number: Int
    var lines: Int
    var text: String

    var label: String { "[pasted \(number): \(lines) lines]" }
}

extension String {
    fileprivate init(scalars: some Sequence<UInt32>) {
        self = String(String.UnicodeScalarView(scalars.map { Unicode.Scalar($0) ?? "\u{fffd}" }))
    }

    fileprivate var trimmingLineBreak: String {
        hasSuffix("\n") ? String(dropLast()) : self
    }

    /// Without what marks colours in a prompt.
    fileprivate var withoutMarks: String {
        split(separator: "\u{1}", omittingEmptySubsequences: false).enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
            .joined()
    }
}
