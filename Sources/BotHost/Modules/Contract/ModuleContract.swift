import ActionKit

/// What every module has to keep to, of whatever carrier: checks that call it as a host under load does, and as one that makes mistakes does.
///
/// Every action is called, with arguments made from its schema, unless it says that it is destructive: run it where that does no harm.
package struct ModuleContract: Sendable {
    private let module: any ModuleUnderTest

    package init(_ module: any ModuleUnderTest) {
        self.module = module
    }

    /// Makes all checks, and tells each as soon as it is made.
    ///
    /// - Returns: Whether none failed.
    package func check(_ report: (ContractCheck) -> Void) async -> Bool {
        var hasPassed = true
        func tell(_ check: ContractCheck) {
            if check.verdict == .failed { hasPassed = false }
            report(check)
        }
        do {
            let tools = try await module.tools().map(ContractTool.init)
            for check in list(tools) { tell(check) }
            let harmless = tools.filter { !$0.isDestructive }
            for check in [samples, missing, odd] { tell(await check(harmless)) }
            tell(await unknown(besides: tools))
            for check in [sideBySide, cancellation, survival] { tell(await check(harmless)) }
        } catch {
            tell(ContractCheck("It lists its actions", .failed, ["\(error)"]))
        }
        return hasPassed
    }

    private func answer(_ action: String, _ arguments: JSON) async -> ContractAnswer {
        do {
            return .result(try await module.call(action, arguments))
        } catch let refusal as ModuleRefusal {
            return .refusal(refusal.message)
        } catch {
            return .nothing("\(error)")
        }
    }

    // MARK: What it lists

    private func list(_ tools: [ContractTool]) -> [ContractCheck] {
        let undescribed = tools.flatMap { tool in
            (tool.hasDescription ? [] : ["\(tool.name) has no description"])
                + tool.undescribed.map { "\(tool.name): its parameter '\($0)' has no description" }
        }
        return [
            ContractCheck("It lists at least one action", problems: tools.isEmpty ? ["the list is empty"] : []),
            ContractCheck("Names are 1 to 128 letters, digits, '_', '-' and '.', and no two are the same", problems: names(tools)),
            ContractCheck(
                "The parameters of every action are an object schema",
                problems: tools.filter { $0.schema["type"] != "object" }.map { "\($0.name): its inputSchema is not of the type object" }
            ),
            ContractCheck("Every action and every parameter is described", problems: undescribed, else: .warned),
        ]
    }

    private func names(_ tools: [ContractTool]) -> [String] {
        let characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"
        var seen: Set<String> = []
        return tools.flatMap { tool in
            let isName = (1...128).contains(tool.name.count) && tool.name.allSatisfy(characters.contains)
            return (isName ? [] : ["\(tool.quoted) is not such a name"])
                + (seen.insert(tool.name).inserted ? [] : ["\(tool.quoted) is there twice"])
        }
    }

    // MARK: What it answers

    private func samples(_ tools: [ContractTool]) async -> ContractCheck {
        await check("A call with arguments made from the schema is answered, or fails in words", tools) { tool in
            await answer(tool.name, tool.sample).problem
        }
    }

    private func missing(_ tools: [ContractTool]) async -> ContractCheck {
        await check("A call without its required arguments is refused in words", tools.filter { !$0.required.isEmpty }) { tool in
            await answer(tool.name, [:]).problemUnlessRefused
        }
    }

    private func odd(_ tools: [ContractTool]) async -> ContractCheck {
        let values: [(what: String, value: JSON)] = [
            ("odd characters", "\u{0}\u{1F}\"\\/\u{7F}\u{85}\u{2028}\u{FEFF}\u{202E}é👩‍👩‍👧 שלום \r\n\t"),
            ("an empty text", ""),
            ("a text of 100 KiB", .string(String(repeating: "0123456789abcdef", count: 6400))),
            ("a value 60 levels deep", (0..<60).reduce(JSON.null) { value, _ in [value] }),
        ]
        return await check("Odd, empty and long texts and deep values are answered, or refused in words", tools) { tool in
            for (what, value) in values {
                var arguments = tool.sample
                arguments[tool.text ?? "text"] = value
                if let problem = await answer(tool.name, arguments).problem { return "\(what): \(problem)" }
            }
            return nil
        }
    }

    private func unknown(besides tools: [ContractTool]) async -> ContractCheck {
        var name = "no-such-action"
        while tools.contains(where: { $0.name == name }) { name += "-" }
        let problem = await answer(name, [:]).problemUnlessRefused
        return ContractCheck("An action that there is not is refused in words", problems: problem.map { [$0] } ?? [])
    }

    // MARK: Under load

    private func sideBySide(_ tools: [ContractTool]) async -> ContractCheck {
        await check("Eight calls at a time are all answered", Array(tools.prefix(1))) { tool in
            let problems = await withTaskGroup(of: String?.self) { group in
                for _ in 1...8 { group.addTask { await answer(tool.name, tool.sample).problem } }
                return await group.reduce(into: [String]()) { all, problem in all += [problem].compactMap(\.self) }
            }
            return problems.first.map { "\(problems.count) of 8: \($0)" }
        }
    }

    private func cancellation(_ tools: [ContractTool]) async -> ContractCheck {
        await check("A call that is called off does not harm the next", Array(tools.prefix(1))) { tool in
            await withTaskGroup { group in
                group.addTask { _ = await answer(tool.name, tool.sample) }
                group.cancelAll()
            }
            return await answer(tool.name, tool.sample).problem
        }
    }

    private func survival(_ tools: [ContractTool]) async -> ContractCheck {
        await check("After all that it lists the same actions, and answers", Array(tools.prefix(1))) { tool in
            do {
                let left = try await module.tools().map(ContractTool.init).map(\.name)
                guard left.contains(tool.name) else { return "it is not in the list any more" }
                return await answer(tool.name, tool.sample).problem
            } catch {
                return "\(error)"
            }
        }
    }

    /// A check of these actions, each for itself.
    private func check(_ name: String, _ tools: [ContractTool], _ problem: (ContractTool) async -> String?) async -> ContractCheck {
        guard !tools.isEmpty else { return ContractCheck(name, .skipped, ["no action to try it with"]) }
        var problems: [String] = []
        for tool in tools {
            if let problem = await problem(tool) { problems.append("\(tool.name): \(problem)") }
        }
        return ContractCheck(name, problems: problems)
    }
}
