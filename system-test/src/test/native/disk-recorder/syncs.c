/* Calls that make files durable. sync_file_range is none: it promises nothing about metadata. */
#include "recorder.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOTHING, A_FILE, A_FOLDER };

static int begin(int fd, struct file *file) {
    char path[PATH_MAX];
    memset(file, 0, sizeof *file);
    if (find(fd, file)) {
        capture(file);
        append(SYNC_BEGINS, 0, file, 0, 0, NULL, 0);
        return A_FILE;
    }
    memset(file, 0, sizeof *file);
    if (find_folder(fd, path)) {
        append_text(SYNC_BEGINS, FOLDER, file, path, strlen(path));
        return A_FOLDER;
    }
    return NOTHING;
}

static int end(int kind, const struct file *file, int result) {
    if (kind != NOTHING && result == 0) {
        append(SYNC_ENDED, kind == A_FOLDER ? FOLDER : 0, file, 0, 0, NULL, 0);
    }
    return result;
}

int fsync(int fd) {
    struct file file;
    int kind = begin(fd, &file);
    return end(kind, &file, syscall(SYS_fsync, fd));
}

int fdatasync(int fd) {
    struct file file;
    int kind = begin(fd, &file);
    return end(kind, &file, syscall(SYS_fdatasync, fd));
}

int msync(void *address, size_t length, int flags) {
    struct file file;
    uint64_t offset;
    int ours = (flags & MS_SYNC) != 0 && recording() && find_mapping(address, length, &file, &offset);
    if (ours) {
        capture(&file);
        append(SYNC_BEGINS, 0, &file, offset, length, NULL, 0);
    }
    int result = syscall(SYS_msync, address, length, flags);
    return end(ours ? A_FILE : NOTHING, &file, result);
}

void sync(void) {
    if (!recording()) {
        syscall(SYS_sync);
        return;
    }
    append(SYNC_BEGINS, ALL, NULL, 0, 0, NULL, 0);
    syscall(SYS_sync);
    append(SYNC_ENDED, ALL, NULL, 0, 0, NULL, 0);
}

/* Of whatever file system: PostgreSQL calls it only where an operator asks for it. */
int syncfs(int fd) {
    struct file file;
    char path[PATH_MAX];
    int ours = find(fd, &file) || find_folder(fd, path);
    if (ours) {
        append(SYNC_BEGINS, ALL, NULL, 0, 0, NULL, 0);
    }
    int result = syscall(SYS_syncfs, fd);
    if (ours && result == 0) {
        append(SYNC_ENDED, ALL, NULL, 0, 0, NULL, 0);
    }
    return result;
}
