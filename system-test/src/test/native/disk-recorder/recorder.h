/*
 * Records what processes write below one folder, and what they sync: a library for LD_PRELOAD.
 *
 * POSTBUS_DISK_FOLDER  the folder, as a real path
 * POSTBUS_DISK_LOG     a file outside of it that every process appends to; it must exist
 *
 * opens.c, writes.c, syncs.c and names.c hold the calls, files.c tells which descriptors matter, mappings.c what is
 * written through memory, journal.c keeps the log. A call is made by the raw system call, so that nothing here depends on the order in which
 * libraries are initialised, and recorded after it returned and before its caller goes on: whatever a process does
 * because of a call stands in the log behind that call.
 */
#ifndef RECORDER_H
#define RECORDER_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

/* Little endian, 64 octets, then `payload` octets. DiskLog.java reads it. */
struct header {
    uint32_t magic;
    uint32_t payload;
    uint64_t nanos; /* CLOCK_MONOTONIC, taken before the record was appended */
    uint64_t inode;
    uint64_t born; /* birth time of the inode in ns: with it the number is never used again */
    uint64_t offset;
    uint64_t length;
    uint32_t thread;
    uint8_t type;
    uint8_t flags;
    char program[10];
};

enum type {
    OPENED = 'O',        /* payload: path */
    WROTE = 'W',         /* payload: data, at offset; flag SYNCED if the call itself synced it */
    TRUNCATED = 'T',     /* to length, shorter or longer */
    ALLOCATED = 'A',     /* at least offset + length long */
    RENAMED = 'R',       /* payload: old path, NUL, new path */
    LINKED = 'L',        /* payload: old path, NUL, new path */
    UNLINKED = 'U',      /* payload: path; flag FOLDER for rmdir */
    MADE_FOLDER = 'M',   /* payload: path */
    SYNC_BEGINS = 'S',   /* of offset, length (0: all of the file); flag FOLDER with payload path; flag ALL for sync() */
    SYNC_ENDED = 'E',    /* of the same thread's last SYNC_BEGINS, successfully */
    UNSUPPORTED = 'X'    /* payload: what; the log cannot be used */
};

enum flag { SYNCED = 1, FOLDER = 2, ALL = 4 };

/* A regular file or folder below the recorded folder. */
struct file {
    uint64_t inode;
    uint64_t born;
    int ours;
    int synced; /* opened with O_SYNC or O_DSYNC */
    int stdio;  /* written through a FILE */
};

/* journal.c */
int recording(void);
const char *recorded_folder(size_t *length);
uint64_t recorded_device(void);
void append(enum type type, int flags, const struct file *file, uint64_t offset, uint64_t length,
            const struct iovec *payload, int parts);
void append_text(enum type type, int flags, const struct file *file, const char *text, size_t length);
void unsupported(const char *what);

/* files.c */
int is_below(const char *path);
int find(int fd, struct file *file);          /* 1 if fd is a regular file of ours */
int find_folder(int fd, char *path);          /* 1 if fd is a folder of ours; its path */
void opened(int fd, int flags, int stdio);
int identify(int dirfd, const char *path, int at_flags, struct file *file);
void record_range(int fd, const struct file *file, uint64_t offset, uint64_t length);

/* mappings.c */
void mapped(void *address, size_t length, int fd, uint64_t offset);
void unmapping(void *address, size_t length);
void capture(const struct file *file);
void cut_shadow(const struct file *file, uint64_t length);
int find_mapping(void *address, size_t length, struct file *file, uint64_t *offset);

#endif
