extension String {
    init(scalars: some Sequence<UInt32>) {
        self = String(String.UnicodeScalarView(scalars.map { Unicode.Scalar($0) ?? "\u{fffd}" }))
    }

    /// As C has it: with a zero at the end.
    var zeroTerminatedScalars: [UInt32] { unicodeScalars.map(\.value) + [0] }
}
