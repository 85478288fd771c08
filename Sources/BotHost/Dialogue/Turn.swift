import FoundationEssentials

struct Turn {
    var dialogue: Dialogue; var state: DialogueState; var now: Date; var effects: [DialogueEffect] = []
    mutating func take(_ input: DialogueInput) {}
}
