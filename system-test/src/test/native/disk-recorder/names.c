/* Calls that change names. */
#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct name {
    char path[PATH_MAX];
    struct file file;
    int ours;
};

/* The real path of a name, whose last part may or may not exist. */
static int real_path(int dirfd, const char *path, char *real) {
    char parent[PATH_MAX];
    char link[64];
    const char *slash = strrchr(path, '/');
    const char *last = slash == NULL ? path : slash + 1;
    size_t length = slash == NULL ? 0 : slash - path;
    if (length >= sizeof parent || *last == '\0') {
        return 0;
    }
    memcpy(parent, path, length);
    strcpy(parent + length, slash == NULL ? "." : length == 0 ? "/" : "");
    int fd = syscall(SYS_openat, dirfd, parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t octets = syscall(SYS_readlinkat, AT_FDCWD, link, real, PATH_MAX - 1);
    syscall(SYS_close, fd);
    if (octets <= 0 || octets + strlen(last) + 2 > PATH_MAX) {
        return 0;
    }
    real[octets] = '/';
    strcpy(real + octets + 1, last);
    return 1;
}

/* To be called before the change, which may take the name away. */
static struct name name_of(int dirfd, const char *path) {
    struct name name;
    int before = errno;
    memset(&name.file, 0, sizeof name.file);
    name.ours = recording() && path != NULL && real_path(dirfd, path, name.path) && is_below(name.path);
    if (name.ours) {
        identify(dirfd, path, AT_SYMLINK_NOFOLLOW, &name.file);
    }
    errno = before;
    return name;
}

static int one(int result, enum type type, int flags, const struct name *name) {
    if (result == 0 && name->ours) {
        append_text(type, flags, &name->file, name->path, strlen(name->path));
    }
    return result;
}

static int two(int result, enum type type, const struct name *from, const struct name *to) {
    if (result == 0 && (from->ours || to->ours)) {
        struct iovec paths[] = {{(void *) from->path, strlen(from->path) + 1}, {(void *) to->path, strlen(to->path)}};
        if (from->ours && to->ours) {
            append(type, 0, &from->file, 0, 0, paths, 2);
        } else {
            unsupported("a name moved into the folder or out of it");
        }
    }
    return result;
}

int renameat2(int from, const char *old_path, int to, const char *new_path, unsigned flags) {
    struct name old_name = name_of(from, old_path);
    struct name new_name = name_of(to, new_path);
    int result = syscall(SYS_renameat2, from, old_path, to, new_path, flags);
    if (flags != 0 && flags != RENAME_NOREPLACE && result == 0 && (old_name.ours || new_name.ours)) {
        unsupported("renameat2 that exchanges");
    }
    return two(result, RENAMED, &old_name, &new_name);
}

int renameat(int from, const char *old_path, int to, const char *new_path) {
    return renameat2(from, old_path, to, new_path, 0);
}

int rename(const char *old_path, const char *new_path) {
    return renameat2(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

int linkat(int from, const char *old_path, int to, const char *new_path, int flags) {
    struct name old_name = name_of(from, old_path);
    struct name new_name = name_of(to, new_path);
    return two(syscall(SYS_linkat, from, old_path, to, new_path, flags), LINKED, &old_name, &new_name);
}

int link(const char *old_path, const char *new_path) {
    return linkat(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

int unlinkat(int dirfd, const char *path, int flags) {
    struct name name = name_of(dirfd, path);
    int result = syscall(SYS_unlinkat, dirfd, path, flags);
    return one(result, UNLINKED, (flags & AT_REMOVEDIR) != 0 ? FOLDER : 0, &name);
}

int unlink(const char *path) {
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path) {
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path) {
    int result = unlink(path);
    return result != 0 && (errno == EISDIR || errno == EPERM) ? rmdir(path) : result;
}

int mkdirat(int dirfd, const char *path, mode_t mode) {
    struct name name = name_of(dirfd, path);
    return one(syscall(SYS_mkdirat, dirfd, path, mode), MADE_FOLDER, 0, &name);
}

int mkdir(const char *path, mode_t mode) {
    return mkdirat(AT_FDCWD, path, mode);
}

int symlinkat(const char *target, int dirfd, const char *path) {
    struct name name = name_of(dirfd, path);
    int result = syscall(SYS_symlinkat, target, dirfd, path);
    if (result == 0 && name.ours) {
        unsupported("a symbolic link");
    }
    return result;
}

int symlink(const char *target, const char *path) {
    return symlinkat(target, AT_FDCWD, path);
}
