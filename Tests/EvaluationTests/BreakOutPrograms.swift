/// Python programs that each pass only when what they try fails.
enum BreakOutPrograms {
    static let all: [(name: String, program: String)] = [
        (
            "the network",
            """
            import socket
            try:
                socket.create_connection(("127.0.0.1", 22), 1)
            except OSError as error:
                assert error.errno == 101, error
            else:
                raise SystemExit("connected")
            """
        ),
        (
            "other files",
            """
            import os
            known = {"usr", "bin", "sbin", "lib", "lib32", "lib64", "dev", "tmp"}
            assert set(os.listdir("/")) <= known, os.listdir("/")
            """
        ),
        (
            "writing to the system",
            """
            for path in ["/usr/x", "/x", "/bin/x", "/usr/bin/python3"]:
                try:
                    open(path, "w")
                except OSError:
                    continue
                raise SystemExit(path)
            """
        ),
        (
            "links out",
            """
            import os
            os.symlink("/../../../etc/passwd", "/tmp/link")
            assert not os.path.exists("/tmp/link") and not os.path.exists("/old")
            """
        ),
        (
            "memory",
            """
            try:
                bytearray(1 << 30)
            except MemoryError:
                pass
            else:
                raise SystemExit("had it")
            """
        ),
        (
            "a large file",
            """
            try:
                open("/tmp/big", "wb").write(b"x" * (2 << 20))
            except OSError:
                pass
            else:
                raise SystemExit("written")
            """
        ),
        (
            "many files",
            """
            import os
            try:
                for number in range(1000):
                    os.close(os.open(f"/tmp/{number}", os.O_CREAT))
            except OSError:
                pass
            else:
                raise SystemExit("written")
            """
        ),
        (
            "many processes",
            """
            import os, time
            made = 0
            try:
                while made < 200:
                    if os.fork() == 0:
                        time.sleep(60)
                        os._exit(0)
                    made += 1
            except OSError:
                pass
            assert made < 20, made
            """
        ),
        (
            "other processes",
            """
            import os
            for pid in range(3, 2000):
                try:
                    os.kill(pid, 0)
                except ProcessLookupError:
                    continue
                assert pid == os.getpid(), pid
            """
        ),
        (
            "namespaces of its own",
            """
            import ctypes
            c = ctypes.CDLL(None)
            assert c.unshare(0x10000000) == -1 and c.mount(b"none", b"/tmp", b"tmpfs", 0, 0) == -1
            assert c.chroot(b"/tmp") == -1 and c.umount2(b"/tmp", 2) == -1
            """
        ),
        (
            "a new super-user",
            """
            import os
            for name in ["setuid", "setgid"]:
                try:
                    getattr(os, name)(1)
                except OSError:
                    continue
                raise SystemExit(name)
            """
        ),
        (
            "open files of ours",
            """
            import os
            for number in range(3, 60):
                try:
                    os.fstat(number)
                    os.read(number, 1)
                except OSError:
                    continue
                raise SystemExit(f"{number} is open")
            """
        ),
        (
            "our environment",
            """
            import os
            known = {"PATH", "HOME", "LANG", "LC_CTYPE", "PWD"}
            assert set(os.environ) <= known, os.environ
            """
        ),
    ]
}
