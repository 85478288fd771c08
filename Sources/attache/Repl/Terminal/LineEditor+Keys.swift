import CEdit
import Glibc

// What the keys do that are not libedit's own.
extension LineEditor {
    func bindKeys(_ editor: OpaquePointer) {
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

    func show() -> UInt8 {
        let before = work
        work = port.take()
        if work.isResized { return resize(from: before) }
        outputIsDue = true
        return UInt8(CC_REDISPLAY)
    }

    /// The terminal has wrapped anew what was drawn, so libedit would clear too little.
    func resize(from before: EditorPort.Work) -> UInt8 {
        guard let editor else { return UInt8(CC_NORM) }
        let (text, cursor) = typed(in: editor)
        let drawn = WrappedLine(
            status: min(before.status.count, columns),
            characters: before.prompt.withoutMarks.unicodeScalars.map(\.value) + text.prefix(cursor),
            columns: columns,
            isAtEnd: cursor == text.count,
            width: { Int(attache_width($0)) }
        )
        columns = settledColumns()
        let rows = drawn.rowsAboveCursor(columns: columns)
        write("\r" + (rows > 0 ? "\u{1b}[\(rows)A" : "") + "\u{1b}[J")
        write(work.output.map { $0 + "\n" }.joined())
        work.output = []
        el_resize(editor)
        attache_refresh(editor)
        return UInt8(CC_NORM)
    }

    /// A window that is dragged changes on and on, and tmux tells of that once in 250 ms: rows counted for a width that is no more are wrong.
    private func settledColumns() -> Int {
        var now = attache_columns()
        var before: CInt
        repeat {
            before = now
            usleep(300_000)
            now = attache_columns()
        } while now != before
        return max(1, Int(now))
    }

    func interrupt() -> UInt8 {
        guard let editor else { return UInt8(CC_NORM) }
        let isBusy = port.isBusy
        _ = port.tell(.interrupt)
        let (text, cursor) = typed(in: editor)
        // A command that runs is cancelled, and the line that is being typed stays.
        guard !isBusy, !text.isEmpty else { return UInt8(CC_NORM) }
        el_cursor(editor, Int32(text.count - cursor))
        el_deletestr(editor, Int32(text.count))
        pastes = []
        return UInt8(CC_REFRESH)
    }

    func suspend() -> UInt8 {
        guard let editor else { return UInt8(CC_NORM) }
        markPastes(false)
        // Rows below the cursor would be mixed up with what the shell writes.
        write("\u{1b}[J")
        attache_flush()
        attache_prepare_terminal(editor, 0)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &original)
        stopHere()
        attache_prepare_terminal(editor, 1)
        markPastes(true)
        // The window may have another size by now, and a process that stands still is not told.
        columns = max(1, Int(attache_columns()))
        el_resize(editor)
        attache_refresh(editor)
        return UInt8(CC_NORM)
    }

    /// Stops the process, by a signal to this thread, so that it stands still before the call returns. Threads are born with that signal blocked.
    private func stopHere() {
        var stop = sigset_t()
        sigemptyset(&stop)
        sigaddset(&stop, SIGTSTP)
        pthread_sigmask(SIG_UNBLOCK, &stop, nil)
        raise(SIGTSTP)
    }

    func complete() -> UInt8 {
        guard let editor else { return UInt8(CC_NORM) }
        let (text, cursor) = typed(in: editor)
        let completion = completer(String(scalars: text.prefix(cursor)))
        if !completion.insertion.isEmpty {
            el_deletestr(editor, Int32(completion.replaced))
            insert(completion.insertion)
            return UInt8(CC_REFRESH)
        }
        guard completion.candidates.count > 1 else { return UInt8(CC_REFRESH_BEEP) }
        work.output.append(Columns(completion.candidates, width: columns).text)
        outputIsDue = true
        return UInt8(CC_REDISPLAY)
    }
}

extension String {
    /// Without what marks colours in a prompt.
    fileprivate var withoutMarks: String {
        split(separator: "\u{1}", omittingEmptySubsequences: false).enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
            .joined()
    }
}
