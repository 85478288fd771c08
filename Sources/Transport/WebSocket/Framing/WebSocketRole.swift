/// Our end of the connection: a client masks what it sends and refuses masked frames, a server the other way round.
package enum WebSocketRole: Sendable {
    case client
    case server
}
