import FuzzTargets
import Glibc

/// Feeds one target, first with its corpus, then with what can be made of that, until the time is over or an input ends the process.
struct Worker {
    private let target: FuzzTarget
    private let campaign: Campaign
    private let page: Page

    init(_ target: FuzzTarget, _ campaign: Campaign, _ page: String) {
        self.target = target
        self.campaign = campaign
        self.page = Page(path: page)
    }

    /// - Parameter skipped: How many files of the corpus were read by earlier workers.
    func work(skipping skipped: UInt64) {
        // Should the supervisor be too slow, or gone.
        limit(__rlimit_resource_t(RLIMIT_AS.rawValue), to: campaign.megabytes << 22)
        limit(__rlimit_resource_t(RLIMIT_CPU.rawValue), to: Int(campaign.seconds * 4) + 60)
        let end = Page.now + UInt64(campaign.seconds * 1e9)
        let corpus = File.list("\(campaign.corpus)/\(target.name)").compactMap(File.read).filter { $0.count <= Page.inputLimit }
        for input in corpus.dropFirst(Int(skipped)) { read(input) }
        var mutator = Mutator(corpus: corpus, tokens: target.tokens, seed: campaign.seed)
        while Page.now < end { read(mutator.next()) }
    }

    private func limit(_ resource: __rlimit_resource_t, to value: Int) {
        var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
        setrlimit(resource, &limit)
    }

    private func read(_ input: [UInt8]) {
        page.begin(input)
        target.read(input)
        page.end()
    }
}
