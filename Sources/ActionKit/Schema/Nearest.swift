/// The name that was probably meant: the nearest by edit distance, ignoring case, if it is near enough to be a slip of the finger.
///
/// Neighbouring letters that changed places count as one edit. Of names equally near the first in alphabetical order is taken.
public func nearest(to name: String, in names: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().prefix(64))
    let bound = max(1, wanted.count / 3)
    let near = names.compactMap { candidate -> (name: String, distance: Int)? in
        let letters = Array(candidate.lowercased().prefix(64))
        guard abs(letters.count - wanted.count) <= bound else { return nil }
        let distance = editDistance(wanted, letters)
        return distance <= bound && distance < letters.count ? (candidate, distance) : nil
    }
    return near.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
}

private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            var distance = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
            if row > 0, column > 0, letter == right[column - 1], other == left[row - 1] {
                distance = min(distance, beforeLast[column - 1] + 1)
            }
            current.append(distance)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}
