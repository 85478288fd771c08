import CEdit
import Glibc

/// Edits lines with libedit. It belongs to the one thread that ``run()`` keeps busy.
///
/// What others have to show is drawn above the line: a key that nobody can type makes libedit clear the line, and before it asks for the prompt to
/// draw the line anew, the text is written in its place.
final class LineEditor {
    let port: EditorPort
    private let history: HistoryFile
    let completer: @Sendable (String) -> Completion
    private let marksPastes: Bool

    var editor: OpaquePointer?
    private var remembered: OpaquePointer?
    var reader = KeyReader()
    var work = EditorPort.Work()
    /// Written when libedit asks for the prompt next.
    var outputIsDue = false
    /// As libedit was given it; it reads it until it asks again.
    private var prompt = "".zeroTerminatedScalars.copied
    var columns = 80
    var pastes: [PastedBlock] = []
    var pasted: [UInt32] = []
    var secret: [UInt8] = []
    /// The terminal as it was.
    var original = termios()

    /// Keys that no keyboard has; libedit's map knows the first 256 characters, and these are controls in none of its modes.
    enum Key: UInt32 {
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

    deinit {
        prompt.deallocate()
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
    func waitForInput() -> Bool {
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
        prompt.deallocate()
        prompt = (status + work.prompt).zeroTerminatedScalars.copied
        return UnsafePointer(prompt.baseAddress)
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

    // MARK: Pastes

    private func take(paste text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
        guard lines > 1 else {
            pasted = text.zeroTerminatedScalars
            return
        }
        let block = PastedBlock(number: pastes.count + 1, lines: lines, text: text)
        pastes.append(block)
        pasted = block.label.zeroTerminatedScalars
    }

    func insert() -> UInt8 {
        guard let editor else { return UInt8(CC_NORM) }
        return attache_insert(editor, pasted) == 0 ? UInt8(CC_REFRESH) : UInt8(CC_REFRESH_BEEP)
    }

    func insert(_ text: String) {
        pasted = text.zeroTerminatedScalars
        if let editor { attache_insert(editor, pasted) }
    }

    // MARK: The terminal

    /// What was typed so far, and how much of it is before the cursor.
    func typed(in editor: OpaquePointer) -> (text: UnsafeBufferPointer<UInt32>, cursor: Int) {
        var text: UnsafePointer<UInt32>?
        var cursor = 0
        let length = attache_line(editor, &text, &cursor)
        return (UnsafeBufferPointer(start: text, count: length), cursor)
    }

    private func remember(_ line: String) {
        guard let remembered else { return }
        attache_remember(remembered, line.zeroTerminatedScalars)
    }

    func markPastes(_ isOn: Bool) {
        if marksPastes { write("\u{1b}[?2004\(isOn ? "h" : "l")") }
    }

    func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { attache_write($0.baseAddress, $0.count) }
        }
    }
}

extension [UInt32] {
    /// In memory that stays where it is. Whoever takes it gives it back.
    fileprivate var copied: UnsafeMutableBufferPointer<UInt32> {
        let copy = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: count)
        _ = copy.initialize(from: self)
        return copy
    }
}

extension String {
    fileprivate var trimmingLineBreak: String {
        hasSuffix("\n") ? String(dropLast()) : self
    }
}
