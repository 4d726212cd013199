import Foundation

/// Which of several programs this one is, that wash one corpus into one folder: what `mpirun`, `srun` or a Slurm
/// array says in the environment. Units are dealt by their numbers; the programs meet through finished files and
/// nothing else.
package struct Ranks: Equatable, Sendable {
    package var rank = 0
    package var size = 1

    package init(rank: Int = 0, size: Int = 1) {
        precondition(size > 0 && (0..<size).contains(rank), "rank \(rank) of \(size)")
        self.rank = rank
        self.size = size
    }

    private static let names = [
        ("DANLU_RANK", "DANLU_RANKS"), ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMI_RANK", "PMI_SIZE"),
        ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT"), ("SLURM_PROCID", "SLURM_NTASKS"),
    ]

    /// - Throws: `WashingError.step` when the environment contradicts itself.
    package init(environment: [String: String]) throws(WashingError) {
        for (rankName, sizeName) in Self.names {
            guard let rankText = environment[rankName], let sizeText = environment[sizeName] else { continue }
            let first = environment["SLURM_ARRAY_TASK_MIN"].flatMap {
                rankName.hasPrefix("SLURM_ARRAY") ? Int($0) : nil
            }
            guard let rank = Int(rankText), let size = Int(sizeText), size > 0, (0..<size).contains(rank - (first ?? 0))
            else {
                throw .step(name: "ranks", reason: "\(rankName)=\(rankText) is none of \(sizeName)=\(sizeText)")
            }
            self.init(rank: rank - (first ?? 0), size: size)
            return
        }
        self.init()
    }

    /// Whether a unit is this program's.
    func owns(_ unit: Int) -> Bool { unit % size == rank }
}
