import Foundation

extension Machine {
    /// Devices by the names people use. Peaks are dense bf16 with fp32 sums, power is the board's, from the makers'
    /// data sheets. Utilisation is what published runs reached: LLaMA's hours on A100 come to 0.41 to 0.53 by
    /// `TrainingPlan`'s count, Llama 3 405B reached 0.38 to 0.43 on 8,192 to 16,384 H100 (arXiv:2407.21783, table 4),
    /// PaLM 0.46 (arXiv:2204.02311). Cards without fast links reach less together than these figures, which are for
    /// one or for a host of them.
    package static let known: [Machine] = [
        Machine(
            name: "v100", peakFlops: 125e12, utilisation: 0.30, memoryBytes: 32e9, watts: 300,
            source: "NVIDIA V100 SXM2 data sheet (fp16)"),
        Machine(
            name: "a100", peakFlops: 312e12, utilisation: 0.45, memoryBytes: 80e9, watts: 400,
            source: "NVIDIA A100 80GB SXM data sheet"),
        Machine(
            name: "a800", peakFlops: 312e12, utilisation: 0.42, memoryBytes: 80e9, watts: 400,
            source: "as A100, with slower links"),
        Machine(
            name: "h100", peakFlops: 989e12, utilisation: 0.40, memoryBytes: 80e9, watts: 700,
            source: "NVIDIA H100 SXM data sheet"),
        Machine(
            name: "h800", peakFlops: 989e12, utilisation: 0.37, memoryBytes: 80e9, watts: 700,
            source: "as H100, with slower links"),
        Machine(
            name: "h200", peakFlops: 989e12, utilisation: 0.40, memoryBytes: 141e9, watts: 700,
            source: "NVIDIA H200 SXM data sheet"),
        Machine(
            name: "l40s", peakFlops: 362e12, utilisation: 0.35, memoryBytes: 48e9, watts: 350,
            source: "NVIDIA L40S data sheet"),
        Machine(
            name: "3090", peakFlops: 71e12, utilisation: 0.40, memoryBytes: 24e9, watts: 350,
            source: "NVIDIA GA102 white paper"),
        Machine(
            name: "4090", peakFlops: 165.2e12, utilisation: 0.40, memoryBytes: 24e9, watts: 450,
            source: "NVIDIA Ada white paper"),
        Machine(
            name: "5090", peakFlops: 209.5e12, utilisation: 0.40, memoryBytes: 32e9, watts: 575,
            source: "NVIDIA RTX Blackwell white paper"),
        Machine(
            name: "mi300x", peakFlops: 1307e12, utilisation: 0.35, memoryBytes: 192e9, watts: 750,
            source: "AMD MI300X data sheet"),
    ]

    /// The device of a name; nil for one that is not known.
    package static func named(_ name: String) -> Machine? {
        known.first { $0.name == name.lowercased().replacingOccurrences(of: "rtx", with: "").trimmingSpaces }
    }
}

extension String {
    /// Without spaces and hyphens.
    fileprivate var trimmingSpaces: String { filter { $0 != " " && $0 != "-" } }
}
