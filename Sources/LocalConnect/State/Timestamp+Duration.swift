import ConnectWire

extension Timestamp {
    static func + (time: Self, duration: Duration) -> Self {
        let (seconds, attoseconds) = duration.components
        return Self(millisecondsSince1970: time.millisecondsSince1970 + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}
