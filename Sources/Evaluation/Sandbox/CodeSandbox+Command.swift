import Foundation

extension CodeSandbox {
    /// The shell's command: it becomes nobody where it is the super-user, and makes the namespaces.
    var command: String {
        let nobody = getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : ""
        return "exec \(nobody)unshare --user --map-root-user --net --pid --mount --ipc --uts --fork --kill-child "
            + "sh -c '\(inside.replacing("'", with: "'\\''"))' sandbox \"$@\""
    }

    /// What happens inside, before the program: a new root of memory with Python and nothing else.
    ///
    /// The order matters: mounts are made while there are rights to, the old root goes, then the rights and whatever
    /// files of ours are open go. The last step leaves a shell as the first process, since to that one the system does
    /// not deliver every signal.
    private var inside: String {
        """
        set -e
        mount --make-rprivate /
        mount -t tmpfs -o size=1m,nr_inodes=512,mode=0755,nosuid tmpfs /mnt
        cd /mnt
        mkdir dev tmp old
        for folder in "$@"; do
            mkdir -p ".$folder"
            mount --bind "$folder" ".$folder"
            mount -o remount,bind,ro,nosuid "/mnt$folder"
        done
        for name in bin lib lib32 lib64 sbin; do
            if [ -L "/$name" ]; then
                ln -s "$(readlink "/$name")" "$name"
            elif [ -d "/$name" ]; then
                mkdir "$name"
                mount --bind "/$name" "$name"
                mount -o remount,bind,ro,nosuid "/mnt/$name"
            fi
        done
        for name in null zero urandom; do
            : > "dev/$name"
            mount --bind "/dev/$name" "dev/$name"
        done
        mount -t tmpfs -o size=\(limits.folderBytesMax),nr_inodes=\(limits.filesMax),mode=1777,nosuid,nodev tmpfs tmp
        cat > tmp/program.py
        echo 0 > /proc/sys/user/max_user_namespaces
        echo 1000 > /proc/self/oom_score_adj
        pivot_root . old
        cd /
        "$PYTHON" -I -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).umount2(b"/old", 2) != 0)'
        rmdir /old
        mount -o remount,ro,nosuid /
        cd /tmp
        env -i PATH=/usr/bin:/bin HOME=/tmp LANG=C.UTF-8 \
        prlimit --as=\(limits.memoryBytesMax) --cpu=\(limits.processorSecondsMax) --nproc=\(limits.processesMax) \
        --fsize=\(limits.fileBytesMax) --nofile=\(limits.openFilesMax) --core=0 -- \
        setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- \
        "$PYTHON" -I -c 'import os, sys; os.closerange(3, 1 << 16); os.execv(sys.argv[1], sys.argv[1:])' \
        "$PYTHON" -I -B /tmp/program.py < /dev/null
        """
    }
}

/// A Python and the folders that it needs.
struct PythonProgram: Sendable {
    let path: String
    let folders: [String]

    /// The system's own first: what a user has installed may lie where nobody else may read.
    static func find() -> PythonProgram? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        for folder in ["/usr/bin", "/usr/local/bin"] + folders {
            let path = URL(filePath: "\(folder)/python3").resolvingSymlinksInPath().path
            guard FileManager.default.isExecutableFile(atPath: path),
                path.hasSuffix("/python3") || path.contains("python3.")
            else { continue }
            if path.hasPrefix("/usr/") { return PythonProgram(path: path, folders: ["/usr"]) }
            let prefix = URL(filePath: path).deletingLastPathComponent().deletingLastPathComponent().path
            guard prefix.count > 1 else { continue }
            return PythonProgram(path: path, folders: ["/usr", prefix])
        }
        return nil
    }
}
