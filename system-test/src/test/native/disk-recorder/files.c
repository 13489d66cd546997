/* Which descriptors are files of the recorded folder. */
#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DESCRIPTORS 65536
#define BLOCK 65536

/* What was found for a descriptor; valid only while the inode is the same, so nobody need tell of a close. */
static struct file known[DESCRIPTORS];

int is_below(const char *path) {
    size_t length;
    const char *folder = recorded_folder(&length);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = '\0';
    return length > 0;
}

static int was_unlinked(const char *path) {
    static const char mark[] = " (deleted)";
    size_t length = strlen(path);
    return length > sizeof mark && strcmp(path + length - (sizeof mark - 1), mark) == 0;
}

int identify(int dirfd, const char *path, int at_flags, struct file *file) {
    struct statx found;
    if (syscall(SYS_statx, dirfd, path, at_flags, STATX_INO | STATX_BTIME, &found) != 0) {
        return 0;
    }
    memset(file, 0, sizeof *file);
    file->inode = found.stx_ino;
    if (found.stx_mask & STATX_BTIME) {
        file->born = found.stx_btime.tv_sec * 1000000000ull + found.stx_btime.tv_nsec;
    }
    return 1;
}

/* Asks the kernel what a regular file is, and writes down its name. */
static struct file look(int fd, int flags, int stdio) {
    char path[PATH_MAX];
    struct file file = {0};
    if (path_of(fd, path) && is_below(path) && identify(fd, "", AT_EMPTY_PATH, &file)) {
        file.ours = 1;
        file.stdio = stdio;
        file.synced = (flags & O_DSYNC) != 0;
        if (!was_unlinked(path)) {
            append_text(OPENED, 0, &file, path, strlen(path));
        }
    }
    return file;
}

static int is_on_our_device(int fd, struct stat *found) {
    return recording() && fd >= 0 && syscall(SYS_fstat, fd, found) == 0 && found->st_dev == recorded_device();
}

int find(int fd, struct file *file) {
    struct stat found;
    int before = errno;
    if (!is_on_our_device(fd, &found) || !S_ISREG(found.st_mode)) {
        errno = before;
        return 0;
    }
    if (fd < DESCRIPTORS && known[fd].inode == found.st_ino) {
        *file = known[fd];
    } else {
        *file = look(fd, fcntl(fd, F_GETFL), 0);
        file->inode = found.st_ino;
        if (fd < DESCRIPTORS) {
            known[fd] = *file;
        }
    }
    errno = before;
    return file->ours;
}

int find_folder(int fd, char *path) {
    struct stat found;
    int before = errno;
    int ours = is_on_our_device(fd, &found) && S_ISDIR(found.st_mode) && path_of(fd, path) && is_below(path);
    errno = before;
    return ours;
}

/* A new descriptor: what was known of its number is void. */
void opened(int fd, int flags, int stdio) {
    struct stat found;
    int before = errno;
    if (fd < 0 || !recording()) {
        return;
    }
    if (fd < DESCRIPTORS) {
        known[fd].inode = 0;
    }
    int may_change = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
    if (may_change && is_on_our_device(fd, &found) && S_ISREG(found.st_mode)) {
        struct file file = look(fd, flags, stdio);
        file.inode = found.st_ino;
        if (file.ours && (flags & O_TRUNC) != 0) {
            append(TRUNCATED, 0, &file, 0, 0, NULL, 0);
            cut_shadow(&file, 0);
        }
        if (fd < DESCRIPTORS) {
            known[fd] = file;
        }
    }
    errno = before;
}

/* Reads back what a call wrote that does not show its data. */
void record_range(int fd, const struct file *file, uint64_t offset, uint64_t length) {
    char link[64];
    char block[BLOCK];
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int in = syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC);
    while (length > 0) {
        ssize_t octets = syscall(SYS_pread64, in, block, length < BLOCK ? length : BLOCK, offset);
        if (octets <= 0) {
            unsupported("data that cannot be read back");
            break;
        }
        struct iovec part = {block, octets};
        append(WROTE, file->synced ? SYNCED : 0, file, offset, octets, &part, 1);
        offset += octets;
        length -= octets;
    }
    syscall(SYS_close, in);
    errno = before;
}
