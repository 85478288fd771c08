import CAttacheModule

extension Module {
    /// Exports this module from a shared library that a host loads into its own process: all that a native module does.
    ///
    /// ```swift
    /// @c(attache_module_v1)
    /// public func attacheModule(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? {
    ///     Module(name: "shout", actions: [shout]).exported(to: host)
    /// }
    /// ```
    ///
    /// Only bytes cross between the two, as `attache_module.h` has it, so the library may be built with another compiler than the host, and has
    /// its own copy of ActionKit. If it crashes, the host does.
    ///
    /// - Parameter host: The pointer that the function got.
    /// - Returns: What the function is to return; `nil` if the host speaks another version of the contract.
    public func exported(to host: UnsafeRawPointer?) -> UnsafeRawPointer? {
        guard let host = host?.assumingMemoryBound(to: attache_host_v1.self).pointee, host.abi == ATTACHE_MODULE_ABI else { return nil }
        let text = toolList.serialized().utf8.map(CChar.init(bitPattern:))
        let tools = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.count)
        _ = tools.initialize(from: text)
        let exported = UnsafeMutablePointer<attache_module_v1_t>.allocate(capacity: 1)
        exported.initialize(
            to: attache_module_v1_t(
                abi: UInt32(ATTACHE_MODULE_ABI),
                // Like everything that a library gives to its host, it lives as long as the process.
                context: Unmanaged.passRetained(NativeModule(self, NativeHost(host))).toOpaque(),
                tools: UnsafePointer(tools.baseAddress),
                tools_length: tools.count,
                call: { context, number, json, length in
                    NativeModule.at(context)?.begin(number, UnsafeRawBufferPointer(start: json, count: length))
                },
                cancel: { context, number in NativeModule.at(context)?.cancel(number) },
                close: { context in NativeModule.at(context)?.close() }
            )
        )
        return UnsafeRawPointer(exported)
    }
}
