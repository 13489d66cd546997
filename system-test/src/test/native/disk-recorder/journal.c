/* The log, and whether there is one. */
#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MAGIC 0x50434c31u
#define MOST_PARTS 1000
/* Out of the way of programs that count on low numbers. */
#define LOWEST_DESCRIPTOR 512

enum { UNKNOWN, OFF, ON };

extern char *program_invocation_short_name;

static volatile int state = UNKNOWN;
static volatile int log_fd = -1;
static const char *folder;
static size_t folder_length;
static uint64_t device;
static char program[10];

/* Before any constructor ran, too. Two threads that get here at once come to the same. */
int recording(void) {
    if (state == UNKNOWN) {
        struct stat found;
        const char *path = getenv("POSTBUS_DISK_FOLDER");
        if (path != NULL && getenv("POSTBUS_DISK_LOG") != NULL
            && syscall(SYS_newfstatat, AT_FDCWD, path, &found, 0) == 0) {
            folder_length = strlen(path);
            folder = strdup(path);
            device = found.st_dev;
            /* PostgreSQL writes over its arguments. */
            strncpy(program, program_invocation_short_name, sizeof program - 1);
            state = ON;
        } else {
            state = OFF;
        }
    }
    return state == ON;
}

const char *recorded_folder(size_t *length) {
    *length = folder_length;
    return folder;
}

uint64_t recorded_device(void) {
    return device;
}

static int open_log(void) {
    int fd = syscall(SYS_openat, AT_FDCWD, getenv("POSTBUS_DISK_LOG"), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    int high = fcntl(fd, F_DUPFD_CLOEXEC, LOWEST_DESCRIPTOR);
    if (high >= 0) {
        syscall(SYS_close, fd);
        fd = high;
    }
    if (!__sync_bool_compare_and_swap(&log_fd, -1, fd)) {
        syscall(SYS_close, fd);
    }
    return log_fd;
}

/* One write, which O_APPEND makes one step: records of all threads and processes stand one behind the other. */
void append(enum type type, int flags, const struct file *file, uint64_t offset, uint64_t length,
            const struct iovec *payload, int parts) {
    int before = errno;
    struct iovec all[MOST_PARTS + 1];
    struct timespec now;
    uint64_t octets = 0;
    if (parts > MOST_PARTS) {
        unsupported("more parts in one write than the recorder takes");
        return;
    }
    for (int n = 0; n < parts; n++) {
        all[n + 1] = payload[n];
        octets += payload[n].iov_len;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct header header = {
        .magic = MAGIC, .payload = octets, .nanos = now.tv_sec * 1000000000ull + now.tv_nsec,
        .inode = file == NULL ? 0 : file->inode, .born = file == NULL ? 0 : file->born,
        .offset = offset, .length = length, .thread = syscall(SYS_gettid), .type = type, .flags = flags,
    };
    memcpy(header.program, program, sizeof header.program);
    all[0] = (struct iovec) {&header, sizeof header};
    int fd = log_fd >= 0 ? log_fd : open_log();
    if (syscall(SYS_writev, fd, all, parts + 1) != (long) (sizeof header + octets)) {
        static const char words[] = "disk recorder: the log cannot be written\n";
        syscall(SYS_write, 2, words, sizeof words - 1);
        abort();
    }
    errno = before;
}

void append_text(enum type type, int flags, const struct file *file, const char *text, size_t length) {
    struct iovec part = {(void *) text, length};
    append(type, flags, file, 0, 0, &part, 1);
}

void unsupported(const char *what) {
    append_text(UNSUPPORTED, 0, NULL, what, strlen(what));
}
