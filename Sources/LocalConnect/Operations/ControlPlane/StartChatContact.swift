import ConnectWire

extension StartChatContactRequest: ControlOperation {
    static var quota: QuotaName { .startChatContact }
    static var throttled: ServiceFault.Kind { .tooManyRequests }

    func validate() throws(ServiceFault) {
        try Constraints.length(contactFlowID.rawValue, 1...500, "ContactFlowId")
        try Constraints.length(participantDetails.displayName, 1...256, "ParticipantDetails.DisplayName")
        try Constraints.length(clientToken?.rawValue, 0...500, "ClientToken")
        try Constraints.range(chatDurationInMinutes, 60...10_080, "ChatDurationInMinutes")
        for (name, value) in attributes ?? [:] {
            try Constraints.length(name, 1...32_767, "a name in Attributes")
            try Constraints.length(value, 0...32_767, "Attributes.\(name.prefix(100))")
        }
        if let initialMessage {
            try Constraints.length(initialMessage.contentType.rawValue, 1...100, "InitialMessage.ContentType")
            try Constraints.member(initialMessage.contentType, of: ContentType.messages, "InitialMessage.ContentType")
            try Constraints.length(initialMessage.content, 1...1024, "InitialMessage.Content")
        }
        if let types = supportedMessagingContentTypes {
            for type in types {
                try Constraints.member(ContentType(rawValue: type), of: ContentType.messages, "SupportedMessagingContentTypes")
            }
            guard types.contains(ContentType.plainText.rawValue) else {
                throw ServiceFault(.validation, message: "SupportedMessagingContentTypes must contain text/plain")
            }
        }
        if let kind = persistentChat?.rehydrationType, !["ENTIRE_PAST_SESSION", "FROM_SEGMENT"].contains(kind) {
            throw ServiceFault(.validation, message: "PersistentChat.RehydrationType must be ENTIRE_PAST_SESSION or FROM_SEGMENT")
        }
    }

    func perform(in state: inout ServiceState, at now: Timestamp) throws(ServiceFault) -> StartChatContactResponse {
        let call = Repeatable(self, token: clientToken, scope: instanceID.rawValue, operation: "StartChatContact")
        if case .contactStarted(let id)? = try state.earlierResult(of: call, at: now), let answer = state.startAnswer(for: id) {
            return answer
        }
        let previous = try previousContact(in: state)
        let contact = makeContact(after: previous, in: &state, at: now)
        state.save(contact)
        state.schedule(.chatIsOver(contact.id), at: contact.endsAt)
        let customer = state.addParticipant(
            .customer,
            named: participantDetails.displayName,
            to: contact.id,
            connectsWithin: state.rules.lifetimes.customerConnectsWithin,
            at: now
        )
        if let initialMessage {
            let draft = ItemDraft(message: initialMessage.content, contentType: initialMessage.contentType)
            state.post(draft, by: .participant(customer), in: contact, at: now)
        }
        state.startFlow(of: contact, at: now)
        state.remember(.contactStarted(contact.id), of: call, at: now)
        return StartChatContactResponse(
            contactID: contact.id,
            participantID: customer.id,
            participantToken: state.mint.participantToken(for: customer.id),
            continuedFromContactID: previous?.id
        )
    }

    private func previousContact(in state: ServiceState) throws(ServiceFault) -> Contact? {
        guard let persistentChat, let id = persistentChat.sourceContactID else { return nil }
        var contact = try state.contact(id, of: instanceID)
        if persistentChat.rehydrationType != "FROM_SEGMENT" { contact = state.lastContact(ofChainThatBeganWith: contact) }
        guard contact.isEnded else {
            throw ServiceFault(.invalidRequest, status: 400, message: "PersistentChat.SourceContactId names a chat that has not ended")
        }
        return contact
    }

    private func makeContact(after previous: Contact?, in state: inout ServiceState, at now: Timestamp) -> Contact {
        let id = ContactID(state.random.uuid())
        return Contact(
            id: id,
            instanceID: instanceID,
            initialContactID: previous?.initialContactID ?? id,
            previousContactID: previous?.id,
            flowID: contactFlowID,
            attributes: attributes ?? [:],
            contentTypes: supportedMessagingContentTypes?.map(ContentType.init(rawValue:)),
            startedAt: now,
            endsAt: now + (chatDurationInMinutes.map { .seconds($0 * 60) } ?? state.rules.lifetimes.chat),
            systemID: ParticipantID(state.random.uuid())
        )
    }
}

extension ServiceState {
    /// What StartChatContact answered, from the records alone.
    fileprivate func startAnswer(for id: ContactID) -> StartChatContactResponse? {
        guard let contact = contacts[id],
            let customer = participantsOfContact[id, default: []].first(where: { participants[$0]?.role == .customer })
        else { return nil }
        return StartChatContactResponse(
            contactID: id,
            participantID: customer,
            participantToken: mint.participantToken(for: customer),
            continuedFromContactID: contact.previousContactID
        )
    }

    /// An entire past session is named by its first contact, and continued from its last.
    fileprivate func lastContact(ofChainThatBeganWith first: Contact) -> Contact {
        contacts.values.filter { $0.initialContactID == first.id }.max { $0.startedAt < $1.startedAt } ?? first
    }

    /// Adds somebody, who must connect in time.
    mutating func addParticipant(
        _ role: ParticipantRole,
        named name: String,
        to contact: ContactID,
        connectsWithin patience: Duration,
        at now: Timestamp
    ) -> Participant {
        let participant = Participant(
            id: ParticipantID(random.uuid()),
            contactID: contact,
            role: role,
            displayName: name,
            presence: .expected(until: now + patience)
        )
        save(participant)
        let digest = TokenDigest(of: mint.participantToken(for: participant.id).exposed)
        save(TokenGrant(digest: digest, kind: .participant, participantID: participant.id, expiry: nil))
        schedule(.participantMustConnect(participant.id), at: now + patience)
        return participant
    }

    /// A flow that has a bot adds it as a CUSTOM_BOT and hands its token to the host.
    fileprivate mutating func startFlow(of contact: Contact, at now: Timestamp) {
        guard let bot = rules.bot(of: contact.flowID) else { return }
        let patience = rules.lifetimes.customBotConnectsWithin
        let participant = addParticipant(.customBot, named: bot, to: contact.id, connectsWithin: patience, at: now)
        effects.arrivals.append(
            ChatArrival(
                bot: bot,
                contactID: contact.id,
                participantID: participant.id,
                participantToken: mint.participantToken(for: participant.id),
                attributes: contact.attributes,
                connectBy: now + patience
            )
        )
    }
}
