import ConnectWire
import LocalConnect
import Testing
import Transport

@Suite("A chat over real sockets", .timeLimit(.minutes(1)))
struct ChatTests {
    @Test("A customer and a bot talk, exchange a file and part")
    func wholeChat() async throws {
        try await RunningService.with { service in
            let chat = try await service.startChat()
            let customer = try await service.connect(chat.participantToken)
            let bot = try await service.addBot(to: chat.contactID)
            let botConnection = try await service.connect(bot.participantCredentials.participantToken)

            try await service.sockets.withConnection(to: customer.url, timeout: .seconds(60)) { socket in
                try await socket.subscribe()
                let sent = try await service.call(SendMessageRequest(contentType: .plainText, content: "hello"), token: botConnection.token)
                let item = try await socket.item()
                #expect(item.id == sent.id)
                #expect(item.content == "hello")
                #expect(item.participantRole == .customBot)
                #expect(item.displayName == "Bot")
                #expect(item.contactID == chat.contactID)
                #expect(item.initialContactID == chat.contactID)

                let bytes = Array("a receipt".utf8)
                let upload = try await service.call(
                    StartAttachmentUploadRequest(
                        contentType: "text/plain",
                        attachmentSizeInBytes: Int64(bytes.count),
                        attachmentName: "квитанция.txt",
                        clientToken: .random()
                    ),
                    token: botConnection.token
                )
                let headers = (upload.uploadMetadata.headersToInclude ?? [:]).map { HTTPHeader($0.key, $0.value) }
                let put = try await service.send("PUT", upload.uploadMetadata.url.exposed, headers: headers, body: .bytes(bytes))
                #expect(put.status == 200)
                _ = try await service.call(
                    CompleteAttachmentUploadRequest(attachmentIDs: [upload.attachmentID], clientToken: .random()),
                    token: botConnection.token
                )
                let attachment = try await socket.item()
                #expect(attachment.type == .attachment)
                #expect(attachment.attachments?.first?.status == .approved)
                #expect(attachment.attachments?.first?.attachmentName == "квитанция.txt")

                let download = try await service.call(GetAttachmentRequest(attachmentID: upload.attachmentID), token: customer.token)
                let file = try await service.send("GET", download.url?.exposed ?? "")
                #expect(file.status == 200)
                #expect(file.body == bytes)

                let transcript = try await service.call(
                    GetTranscriptRequest(maxResults: 100, sortOrder: .ascending),
                    token: customer.token
                )
                #expect(transcript.transcript?.map(\.type) == [.event, .event, .message, .attachment])

                _ = try await service.call(DisconnectParticipantRequest(), token: customer.token)
                #expect(try await socket.item().contentType == .participantLeft)
                #expect(try await socket.item().contentType == .chatEnded)
            }
            await #expect(throws: ServiceFault(.accessDenied, message: "Access denied")) {
                try await service.call(SendMessageRequest(contentType: .plainText, content: "late"), token: botConnection.token)
            }
        }
    }
}
