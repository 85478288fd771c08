extension LocalConnect {
    package struct Configuration: Sendable {
        /// Where to listen; the loopback, unless somebody asks for more.
        package var host = "127.0.0.1"
        /// 0 for any that is free.
        package var port = 0
        /// By which names it may be called besides ``host`` and those of the loopback.
        package var allowedHosts: [AllowedHost] = []
        /// Pages of which origins may call it besides those of the loopback.
        package var allowedOrigins: [AllowedOrigin] = []
        package var storage = StorageChoice.memory
        package var rules = ServiceRules()

        package init() {}
    }
}

/// Where the service keeps what it knows.
package enum StorageChoice: Hashable, Sendable {
    /// Nowhere: it is gone when the service is.
    case memory
    /// In a directory that belongs to one process at a time.
    case directory(String)
}
