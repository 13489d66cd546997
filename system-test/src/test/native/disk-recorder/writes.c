/* Calls that change what files hold. */
#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST_PARTS 1000

/* The first `octets` of the parts are what the call wrote. */
static void wrote(const struct file *file, uint64_t offset, const struct iovec *parts, int count, ssize_t octets) {
    struct iovec written[MOST_PARTS];
    size_t left = octets;
    int used = 0;
    for (; used < count && left > 0; used++) {
        if (used == MOST_PARTS) {
            unsupported("more parts in one write than the recorder takes");
            return;
        }
        written[used] = parts[used];
        if (written[used].iov_len > left) {
            written[used].iov_len = left;
        }
        left -= written[used].iov_len;
    }
    append(WROTE, file->synced ? SYNCED : 0, file, offset, octets, written, used);
}

static void wrote_at_position(int fd, const struct iovec *parts, int count, ssize_t octets) {
    struct file file;
    if (octets > 0 && find(fd, &file)) {
        int before = errno;
        wrote(&file, syscall(SYS_lseek, fd, 0, SEEK_CUR) - octets, parts, count, octets);
        errno = before;
    }
}

static void wrote_at(int fd, uint64_t offset, const struct iovec *parts, int count, ssize_t octets) {
    struct file file;
    if (octets > 0 && find(fd, &file)) {
        wrote(&file, offset, parts, count, octets);
    }
}

ssize_t write(int fd, const void *data, size_t length) {
    struct iovec part = {(void *) data, length};
    ssize_t octets = syscall(SYS_write, fd, data, length);
    wrote_at_position(fd, &part, 1, octets);
    return octets;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    ssize_t octets = syscall(SYS_writev, fd, parts, count);
    wrote_at_position(fd, parts, count, octets);
    return octets;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
    struct iovec part = {(void *) data, length};
    ssize_t octets = syscall(SYS_pwrite64, fd, data, length, offset);
    wrote_at(fd, offset, &part, 1, octets);
    return octets;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
    return pwrite64(fd, data, length, offset);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
    ssize_t octets = syscall(SYS_pwritev, fd, parts, count, offset, 0);
    wrote_at(fd, offset, parts, count, octets);
    return octets;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    return pwritev64(fd, parts, count, offset);
}

ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off64_t offset, int flags) {
    ssize_t octets = syscall(SYS_pwritev2, fd, parts, count, offset, 0, flags);
    if (flags != 0) {
        struct file file;
        if (find(fd, &file)) {
            unsupported("pwritev2 with flags");
        }
    } else if (offset < 0) {
        wrote_at_position(fd, parts, count, octets);
    } else {
        wrote_at(fd, offset, parts, count, octets);
    }
    return octets;
}

ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t offset, int flags) {
    return pwritev64v2(fd, parts, count, offset, flags);
}

/* The kernel copied: read back what came. */
static void copied(int out, const off64_t *at, ssize_t octets) {
    struct file file;
    if (octets > 0 && find(out, &file)) {
        int before = errno;
        uint64_t end = at != NULL ? (uint64_t) *at : (uint64_t) syscall(SYS_lseek, out, 0, SEEK_CUR);
        record_range(out, &file, end - octets, octets);
        errno = before;
    }
}

ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t length, unsigned flags) {
    ssize_t octets = syscall(SYS_copy_file_range, in, from, out, to, length, flags);
    copied(out, to, octets);
    return octets;
}

ssize_t sendfile64(int out, int in, off64_t *from, size_t length) {
    ssize_t octets = syscall(SYS_sendfile, out, in, from, length);
    copied(out, NULL, octets);
    return octets;
}

ssize_t sendfile(int out, int in, off_t *from, size_t length) {
    return sendfile64(out, in, from, length);
}

ssize_t splice(int in, off64_t *from, int out, off64_t *to, size_t length, unsigned flags) {
    ssize_t octets = syscall(SYS_splice, in, from, out, to, length, flags);
    copied(out, to, octets);
    return octets;
}

int ftruncate64(int fd, off64_t length) {
    struct file file;
    int ours = find(fd, &file);
    if (ours) {
        capture(&file);
    }
    int result = syscall(SYS_ftruncate, fd, length);
    if (ours && result == 0) {
        append(TRUNCATED, 0, &file, 0, length, NULL, 0);
        cut_shadow(&file, length);
    }
    return result;
}

int ftruncate(int fd, off_t length) {
    return ftruncate64(fd, length);
}

int truncate64(const char *path, off64_t length) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int result = fd < 0 ? -1 : ftruncate64(fd, length);
    int error = errno;
    syscall(SYS_close, fd);
    errno = error;
    return result;
}

int truncate(const char *path, off_t length) {
    return truncate64(path, length);
}

int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
    int result = syscall(SYS_fallocate, fd, mode, offset, length);
    struct file file;
    if (result == 0 && find(fd, &file)) {
        if (mode == 0) {
            append(ALLOCATED, 0, &file, offset, length, NULL, 0);
        } else if (mode != FALLOC_FL_KEEP_SIZE) {
            unsupported("fallocate that removes");
        }
    }
    return result;
}

int fallocate(int fd, int mode, off_t offset, off_t length) {
    return fallocate64(fd, mode, offset, length);
}

/* The error is the result; a file system without fallocate gets no emulation here, and its caller copes. */
int posix_fallocate64(int fd, off64_t offset, off64_t length) {
    int before = errno;
    int error = fallocate64(fd, 0, offset, length) == 0 ? 0 : errno;
    errno = before;
    return error;
}

int posix_fallocate(int fd, off_t offset, off_t length) {
    return posix_fallocate64(fd, offset, length);
}
