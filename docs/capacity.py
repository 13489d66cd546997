#!/usr/bin/env python3
"""The arithmetic of capacity.md. Change what is assumed and run it again."""
from math import ceil

# Assumed: replace by your own.
MAILBOXES = 100e6
MAILS = 20            # accepted for each mailbox and day
OCTETS = 50e3         # of a mail, mean
PEAK = 3              # busiest hour to mean
KEPT = 100e6          # octets in a mailbox, mean
POLLING = 0.3         # mailboxes that a client polls ...
POLL_EVERY = 600      # ... each so many seconds
REMEMBER = 3600       # mailbox.credentials.remember
SERVICES = 2          # instances of mailbox-service that logins spread over, each with a memory of its own
KEEP_DAYS = 7         # postbus.events.keep
TRAIL_DAYS = 90       # mailbox.trail-keep
COPIES = 3            # of each Kafka record and of PostgreSQL
RESTORE = 500e6       # octets a second that a base backup comes back with
DISK = 0.7            # how full disks may be
HEADROOM = 3          # CPU: TLS, replication, uneven load, a zone away; a guess

# Measured (operations.md, Sizing).
FILE_CPU = 0.0006 + (0.0022 - 0.0006) * (OCTETS - 10e3) / (75e3 - 10e3)  # accepted and filed, between 10 and 75 KB
POLL_CPU = 0.00062 + 0.008 / 10e3 * KEPT / OCTETS   # of an empty maildrop, and what LIST takes for each message
HASH_CPU = 0.040      # on a busy machine
ENTRY = 308
KAFKA_MAIL = 2 * OCTETS + 850 + 990 + 2250
PG_MAIL = 1.15 * OCTETS + 530
PG_TRAIL = 1650 + 2 * 352   # ... and a row each for retrieved and deleted
WAL_MAIL = OCTETS + 9e3
DIRECTORY = 300


def cells(mailboxes, shards):
    """Prints a plan with cells of so many mailboxes, each with so many PostgreSQL clusters."""
    n = ceil(MAILBOXES / mailboxes)
    rate = mailboxes * MAILS / 86400
    polls = mailboxes * POLLING / POLL_EVERY
    hashes = mailboxes * POLLING * min(1 / POLL_EVERY, SERVICES / REMEMBER)
    cpu = (PEAK * (rate * FILE_CPU + polls * POLL_CPU) + hashes * HASH_CPU) * HEADROOM
    kafka = mailboxes * MAILS * KEEP_DAYS * KAFKA_MAIL
    pg = mailboxes * (KEPT / OCTETS * PG_MAIL + MAILS * TRAIL_DAYS * PG_TRAIL)
    brokers = max(3, ceil(kafka * COPIES / DISK / 4e12))
    # Requests of k8s/: brokers 2, controllers 0.25, PostgreSQL 2, each service 0.5 and twice.
    floor = brokers * 2 + 3 * .25 + shards * COPIES * 2 + (3 + shards) * 2 * .5
    # The rows that list the polled maildrops, twice over.
    database = max(8, ceil(2 * mailboxes / shards * POLLING * KEPT / OCTETS * ENTRY / 2**30))
    memory = brokers * 8 + 3 * 1 + shards * COPIES * database + 2 * (1 + 1 + 1.5 + shards * 1.5)
    pods = brokers + 3 + shards * COPIES + (3 + shards) * 2
    print(f"""cell of {mailboxes:,.0f} mailboxes, {shards} PostgreSQL cluster(s): {n} cells
  mails/s {rate:.0f} mean, {rate * PEAK:.0f} peak; polls/s {polls:.0f} mean, {polls * PEAK:.0f} peak
  CPU at peak, times {HEADROOM}: {cpu:.1f} cores; requested {max(floor, cpu):.1f} cores, {memory:.0f} GiB (PostgreSQL {database} each), {pods} pods
  Kafka {kafka / 1e12:.2f} TB, {kafka * COPIES / 1e12:.1f} TB in {COPIES} copies, {brokers} brokers of {kafka * COPIES / DISK / brokers / 1e12:.1f} TB
  PostgreSQL {pg / shards / 1e12:.2f} TB each, {pg * COPIES / 1e12:.1f} TB in {COPIES} copies, disk {pg / shards / DISK / 1e12:.1f} TB
  WAL {rate * WAL_MAIL / 1e6:.2f} MB/s mean, {rate * WAL_MAIL * 86400 / 1e9:.0f} GB a day
  restore of one PostgreSQL {pg / shards / RESTORE / 3600:.1f} h; directory {mailboxes * DIRECTORY / 1e6:.0f} MB in each gateway
  all cells: {n * max(floor, cpu):,.0f} cores, {n * memory / 1024:,.0f} TiB memory, {n * pods:,} pods, Kafka {n * kafka * COPIES / DISK / 1e15:.1f} PB, PostgreSQL {n * pg * COPIES / DISK / 1e15:.1f} PB of disk
""")


print(f"""all: {MAILBOXES * MAILS / 86400:,.0f} mails/s mean, {MAILBOXES * MAILS / 86400 * PEAK:,.0f} peak; \
{MAILBOXES * POLLING / POLL_EVERY:,.0f} polls/s mean
  a mail: {FILE_CPU * 1e3:.2f} ms of CPU, {KAFKA_MAIL / 1e3:.0f} KB in Kafka, {PG_MAIL / 1e3:.0f} KB in PostgreSQL, {WAL_MAIL / 1e3:.0f} KB of WAL
  a mailbox: {KEPT / OCTETS:,.0f} mails, {KEPT / OCTETS * PG_MAIL / 1e6:.0f} MB, trail {MAILS * TRAIL_DAYS * PG_TRAIL / 1e6:.1f} MB
  cores at peak: filing {MAILBOXES * MAILS / 86400 * PEAK * FILE_CPU:,.0f}, polls {MAILBOXES * POLLING / POLL_EVERY * PEAK * POLL_CPU:,.0f}, \
hashes {MAILBOXES * POLLING * min(1 / POLL_EVERY, SERVICES / REMEMBER) * HASH_CPU:,.0f}, with 10 minutes {MAILBOXES * POLLING / POLL_EVERY * HASH_CPU:,.0f}
  a PostgreSQL cluster: table of octets at its limit of 32 TiB with {32 * 2**40 / (KEPT * 1.15):,.0f} mailboxes; \
restored within 4 hours with {4 * 3600 * RESTORE / (KEPT / OCTETS * PG_MAIL + MAILS * TRAIL_DAYS * PG_TRAIL):,.0f}
""")
cells(30e3, 1)
cells(100e3, 1)
cells(1e6, 10)
