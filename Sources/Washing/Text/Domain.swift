/// Sites that addresses belong to.
enum Domain {
    /// The host of an address, without `www.`, in small letters; nil where there is none.
    static func of(_ url: String) -> String? {
        guard let scheme = url.range(of: "://") else { return nil }
        let rest = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = (rest.split(separator: "@").last ?? rest).prefix { $0 != ":" }.lowercased()
        let name = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
        return name.isEmpty || name.utf8.count > 253 ? nil : name
    }
}
