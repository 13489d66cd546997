/*
 * What is written through shared memory mappings. The page cache is compared with a copy whenever a mapped file is
 * synced or unmapped; changed pages become ordinary writes. It is read by pread, which unlike the memory itself may be
 * read when the file has shrunk.
 */
#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILES 512
#define RANGES 4096
#define PAGE 4096
#define BLOCK (64 * PAGE)

struct mapped_file {
    struct file file;
    int in;           /* of its own, so that seeking moves nobody's position */
    int ranges;
    char *shadow;
    uint64_t capacity;
};

struct range {
    char *address;
    size_t length;
    uint64_t offset;
    struct mapped_file *of;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct mapped_file files[FILES];
static struct range ranges[RANGES];
static volatile int ranges_used;
static char block[BLOCK];

static struct mapped_file *file_of(const struct file *file) {
    for (int n = 0; n < FILES; n++) {
        if (files[n].ranges > 0 && files[n].file.inode == file->inode && files[n].file.born == file->born) {
            return &files[n];
        }
    }
    return NULL;
}

static void grow(struct mapped_file *of, uint64_t size) {
    if (size <= of->capacity) {
        return;
    }
    uint64_t capacity = (size + BLOCK) / BLOCK * BLOCK;
    char *larger = (char *) syscall(SYS_mmap, NULL, capacity, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (of->capacity > 0) {
        memcpy(larger, of->shadow, of->capacity);
        syscall(SYS_munmap, of->shadow, of->capacity);
    }
    of->shadow = larger;
    of->capacity = capacity;
}

/* Runs of changed pages in one block of the file. */
static void compare(struct mapped_file *of, uint64_t offset, size_t length) {
    size_t run = 0;
    for (size_t at = 0; at < length; at += PAGE) {
        size_t octets = length - at < PAGE ? length - at : PAGE;
        int changed = memcmp(block + at, of->shadow + offset + at, octets) != 0;
        run = changed ? run + octets : run;
        if (run > 0 && (!changed || at + octets >= length)) {
            size_t end = changed ? at + octets : at;
            struct iovec part = {block + end - run, run};
            append(WROTE, 0, &of->file, offset + end - run, run, &part, 1);
            memcpy(of->shadow + offset + end - run, block + end - run, run);
            run = 0;
        }
    }
}

/* Mapped files are mostly holes: only where the file system has data is there anything to compare. */
static void capture_locked(struct mapped_file *of, int silently) {
    struct stat found;
    if (syscall(SYS_fstat, of->in, &found) != 0) {
        return;
    }
    grow(of, found.st_size);
    off_t at = lseek(of->in, 0, SEEK_DATA);
    while (at >= 0 && at < found.st_size) {
        off_t end = lseek(of->in, at, SEEK_HOLE);
        at = at / PAGE * PAGE;
        while (at < end) {
            size_t wanted = end - at < BLOCK ? end - at : BLOCK;
            ssize_t octets = syscall(SYS_pread64, of->in, block, wanted, at);
            if (octets <= 0) {
                return;
            }
            if (silently) {
                memcpy(of->shadow + at, block, octets);
            } else {
                compare(of, at, octets);
            }
            at += octets;
        }
        at = lseek(of->in, end, SEEK_DATA);
    }
}

static struct mapped_file *take(int fd, const struct file *file) {
    struct mapped_file *of = file_of(file);
    for (int n = 0; of == NULL && n < FILES; n++) {
        of = files[n].ranges == 0 ? &files[n] : NULL;
    }
    if (of != NULL && of->ranges == 0) {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        memset(of, 0, sizeof *of);
        of->file = *file;
        of->in = syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC);
        capture_locked(of, 1);
    }
    return of;
}

static void add(void *address, size_t length, struct mapped_file *of, uint64_t offset) {
    for (int n = 0; of != NULL && n < RANGES; n++) {
        if (ranges[n].of == NULL) {
            ranges[n] = (struct range) {address, length, offset, of};
            of->ranges++;
            ranges_used++;
            return;
        }
    }
    unsupported("more mappings than the recorder takes");
}

void mapped(void *address, size_t length, int fd, uint64_t offset) {
    struct file file;
    int before = errno;
    if (find(fd, &file)) {
        pthread_mutex_lock(&lock);
        add(address, length, take(fd, &file), offset);
        pthread_mutex_unlock(&lock);
    }
    errno = before;
}

static int covers(const struct range *range, const char *address, size_t length) {
    return range->of != NULL && range->address >= address && range->address + range->length <= address + length;
}

/* To be called before it is: the next mapping may get the same address at once. */
void unmapping(void *address, size_t length) {
    if (ranges_used == 0) {
        return;
    }
    int before = errno;
    pthread_mutex_lock(&lock);
    for (int n = 0; n < RANGES; n++) {
        if (covers(&ranges[n], address, length)) {
            struct mapped_file *of = ranges[n].of;
            capture_locked(of, 0);
            ranges[n].of = NULL;
            ranges_used--;
            if (--of->ranges == 0) {
                syscall(SYS_close, of->in);
                syscall(SYS_munmap, of->shadow, of->capacity);
            }
        }
    }
    pthread_mutex_unlock(&lock);
    errno = before;
}

void capture(const struct file *file) {
    if (ranges_used == 0) {
        return;
    }
    int before = errno;
    pthread_mutex_lock(&lock);
    struct mapped_file *of = file_of(file);
    if (of != NULL) {
        capture_locked(of, 0);
    }
    pthread_mutex_unlock(&lock);
    errno = before;
}

/* The file was cut: what the copy holds behind the cut is gone. */
void cut_shadow(const struct file *file, uint64_t length) {
    if (ranges_used == 0) {
        return;
    }
    pthread_mutex_lock(&lock);
    struct mapped_file *of = file_of(file);
    if (of != NULL && length < of->capacity) {
        memset(of->shadow + length, 0, of->capacity - length);
    }
    pthread_mutex_unlock(&lock);
}

int find_mapping(void *address, size_t length, struct file *file, uint64_t *offset) {
    int found = 0;
    if (ranges_used == 0) {
        return 0;
    }
    pthread_mutex_lock(&lock);
    for (int n = 0; n < RANGES && !found; n++) {
        const struct range *range = &ranges[n];
        char *start = address;
        if (range->of != NULL && start < range->address + range->length && start + length > range->address) {
            *file = range->of->file;
            *offset = range->offset + (start > range->address ? start - range->address : 0);
            found = 1;
        }
    }
    pthread_mutex_unlock(&lock);
    return found;
}
