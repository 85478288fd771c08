/// For whoever mistypes a name of the wire: an operation, a fault, a member.
///
/// ActionKit, which module authors import and which depends on nothing, has the like for its own names.
package enum Spelling {
    /// `; did you mean 'X'?` where one of the names is a slip of the finger away, else a full stop: how a sentence about an unknown name ends.
    package static func hint(for name: String, among names: [String]) -> String {
        nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? "."
    }

    /// The name with the fewest edits, ignoring case, if a third of the letters suffices.
    static func nearest(to name: String, among names: [String]) -> String? {
        let wanted = Array(name.lowercased().prefix(64))
        let bound = max(1, wanted.count / 3)
        let distances = names.map { (name: $0, edits: edits(from: wanted, to: Array($0.lowercased().prefix(64)))) }
        let near = distances.filter { $0.edits <= bound && $0.edits < $0.name.count }
        return near.min { ($0.edits, $0.name) < ($1.edits, $1.name) }?.name
    }

    /// Letters that are missing, too many or wrong; neighbours that changed places count once.
    private static func edits(from left: [Character], to right: [Character]) -> Int {
        var rows = [Array(0...right.count)]
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var edits = min(rows[row][column + 1] + 1, current[column] + 1, rows[row][column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], other == left[row - 1] {
                    edits = min(edits, rows[row - 1][column - 1] + 1)
                }
                current.append(edits)
            }
            rows.append(current)
        }
        return rows[left.count][right.count]
    }
}
