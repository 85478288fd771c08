import ConnectWire
import Testing

@testable import LocalConnect

@Suite("Attachments, without their bytes")
struct AttachmentTests {
    private static func start(_ name: String, _ stage: inout Stage, _ actor: LocalConnectTests.Actor) throws -> AttachmentID {
        let request = StartAttachmentUploadRequest(
            contentType: "text/plain",
            attachmentSizeInBytes: 5,
            attachmentName: name,
            clientToken: .random()
        )
        return try stage.call(request, actor.token).attachmentID
    }

    /// As if its bytes had come.
    private static func store(_ id: AttachmentID, _ stage: inout Stage) {
        guard var attachment = stage.state.attachments[id] else { return }
        attachment.stage = .stored
        stage.state.save(attachment)
    }

    @Test(
        "A file is scanned, then approved or rejected by its name",
        arguments: [("a.txt", AttachmentStatus.approved), ("EICAR.txt", .rejected)]
    )
    func verdicts(name: String, verdict: AttachmentStatus) throws {
        var stage = Stage { $0.scan.delay = .seconds(2) }
        let customer = try stage.connect(stage.startChat(), joins: false)
        let id = try Self.start(name, &stage, customer)
        Self.store(id, &stage)
        _ = try stage.call(CompleteAttachmentUploadRequest(attachmentIDs: [id], clientToken: .random()), customer.token)
        stage.advance(.milliseconds(1999))
        #expect(stage.transcript(of: customer.contact).isEmpty)
        #expect(throws: ServiceFault.self) { try stage.call(GetAttachmentRequest(attachmentID: id), customer.token) }
        stage.advance(.milliseconds(1))
        let item = try #require(stage.state.transcripts[customer.contact]?.items.first)
        #expect(item.type == .attachment)
        #expect(item.attachments?.map(\.status) == [verdict])
        #expect(((try? stage.call(GetAttachmentRequest(attachmentID: id), customer.token)) != nil) == (verdict == .approved))
    }

    @Test("The operator's verdicts come before the rules, one a file")
    func operatorsVerdicts() throws {
        var stage = Stage { $0.scan.delay = .zero }
        let customer = try stage.connect(stage.startChat(), joins: false)
        var contact = try stage.state.adminContact(customer.contact)
        contact.scanVerdicts = [.rejected, .approved]
        stage.state.save(contact)
        for name in ["a.txt", "eicar.txt", "b.txt"] {
            let id = try Self.start(name, &stage, customer)
            Self.store(id, &stage)
            _ = try stage.call(CompleteAttachmentUploadRequest(attachmentIDs: [id], clientToken: .random()), customer.token)
        }
        stage.advance(.zero)
        let statuses = stage.state.transcripts[customer.contact]?.items.compactMap { $0.attachments?.first?.status }
        #expect(statuses == [.rejected, .approved, .approved])
    }

    @Test("A file whose chat ends before its verdict is never shown")
    func endBeforeVerdict() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat(), joins: false)
        let id = try Self.start("a.txt", &stage, customer)
        Self.store(id, &stage)
        _ = try stage.call(CompleteAttachmentUploadRequest(attachmentIDs: [id], clientToken: .random()), customer.token)
        _ = try stage.control(StopContactRequest(instanceID: "instance", contactID: customer.contact))
        stage.advance(.seconds(60))
        #expect(stage.transcript(of: customer.contact) == ["chat.ended"])
    }

    @Test("What counts are completed files: more may be started than completed")
    func quota() throws {
        var stage = Stage { $0.attachments.maximumCount = 1 }
        let customer = try stage.connect(stage.startChat(), joins: false)
        let ids = try ["a.txt", "b.txt"].map { try Self.start($0, &stage, customer) }
        for id in ids { Self.store(id, &stage) }
        _ = try stage.call(CompleteAttachmentUploadRequest(attachmentIDs: [ids[0]], clientToken: .random()), customer.token)
        #expect {
            try stage.call(CompleteAttachmentUploadRequest(attachmentIDs: [ids[1]], clientToken: .random()), customer.token)
        } throws: {
            ($0 as? ServiceFault)?.status == 402
        }
        #expect {
            try Self.start("c.txt", &stage, customer)
        } throws: {
            ($0 as? ServiceFault)?.status == 402
        }
    }
}
