/* Calls that open files, and those of stdio, whose writes go past every wrapper. */
#include "recorder.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_and_tell(int dirfd, const char *path, int flags, mode_t mode) {
    int fd = syscall(SYS_openat, dirfd, path, flags, mode);
    opened(fd, flags, 0);
    return fd;
}

static mode_t mode_of(int flags, va_list arguments) {
    return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(name)                                                     \
    int name(const char *path, int flags, ...) {                       \
        va_list arguments;                                             \
        va_start(arguments, flags);                                    \
        mode_t mode = mode_of(flags, arguments);                       \
        va_end(arguments);                                             \
        return open_and_tell(AT_FDCWD, path, flags, mode);             \
    }

#define OPENAT(name)                                                   \
    int name(int dirfd, const char *path, int flags, ...) {            \
        va_list arguments;                                             \
        va_start(arguments, flags);                                    \
        mode_t mode = mode_of(flags, arguments);                       \
        va_end(arguments);                                             \
        return open_and_tell(dirfd, path, flags, mode);                \
    }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int creat(const char *path, mode_t mode) {
    return open_and_tell(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int creat64(const char *path, mode_t mode) {
    return creat(path, mode);
}

int __open_2(const char *path, int flags) {
    return open_and_tell(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags) {
    return open_and_tell(AT_FDCWD, path, flags, 0);
}

int __openat_2(int dirfd, const char *path, int flags) {
    return open_and_tell(dirfd, path, flags, 0);
}

int __openat64_2(int dirfd, const char *path, int flags) {
    return open_and_tell(dirfd, path, flags, 0);
}

/* The C library's own function: stdio cannot be done by system calls. */
static void *next(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

static FILE *tell_of(FILE *stream, const char *mode) {
    if (stream != NULL) {
        int flags = strchr(mode, '+') != NULL ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
        flags |= mode[0] == 'w' ? O_CREAT | O_TRUNC : mode[0] == 'a' ? O_CREAT : 0;
        opened(fileno(stream), flags, 1);
    }
    return stream;
}

FILE *fopen(const char *path, const char *mode) {
    FILE *(*real)(const char *, const char *) = next("fopen");
    return tell_of(real(path, mode), mode);
}

FILE *fopen64(const char *path, const char *mode) {
    FILE *(*real)(const char *, const char *) = next("fopen64");
    return tell_of(real(path, mode), mode);
}

/* What stdio wrote is read back when it is flushed or closed: all of it, for such files are small and few. */
static void record_stream(FILE *stream) {
    struct file file;
    struct stat found;
    int fd = fileno(stream);
    if (find(fd, &file) && file.stdio && syscall(SYS_fstat, fd, &found) == 0) {
        record_range(fd, &file, 0, found.st_size);
    }
}

int fflush(FILE *stream) {
    int (*real)(FILE *) = next("fflush");
    int result = real(stream);
    if (stream != NULL && recording()) {
        record_stream(stream);
    }
    return result;
}

int fclose(FILE *stream) {
    int (*real)(FILE *) = next("fclose");
    struct file file;
    if (recording() && find(fileno(stream), &file) && file.stdio) {
        fflush(stream);
    }
    return real(stream);
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    void *at = (void *) syscall(SYS_mmap, address, length, protection, flags, fd, offset);
    int shared = (flags & MAP_TYPE) == MAP_SHARED || (flags & MAP_TYPE) == MAP_SHARED_VALIDATE;
    if (at != MAP_FAILED && shared && (protection & PROT_WRITE) != 0 && fd >= 0) {
        mapped(at, length, fd, offset);
    }
    return at;
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    return mmap(address, length, protection, flags, fd, offset);
}

int munmap(void *address, size_t length) {
    unmapping(address, length);
    return syscall(SYS_munmap, address, length);
}
