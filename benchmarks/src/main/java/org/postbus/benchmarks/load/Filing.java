package org.postbus.benchmarks.load;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postbus.benchmarks.server.Server;

/** Watches how filing, or relaying, follows accepting. */
final class Filing implements AutoCloseable {

    /** Mails that are through, since some moment. */
    interface Count {
        long mails() throws IOException, InterruptedException;
    }

    private static final long GIVE_UP_SECONDS = 300;

    private final Count count;
    private final long before;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread watch;
    private volatile long filed;
    private volatile IOException failure;

    private Filing(Count count, long everyMillis) throws IOException, InterruptedException {
        this.count = count;
        this.before = count.mails();
        this.watch = Thread.ofPlatform().name("filing").start(() -> follow(everyMillis));
    }

    /** @param everyMillis how often to look: each look costs the server a little */
    static Filing watch(Server server, int recipients, long everyMillis) throws IOException, InterruptedException {
        return watch(() -> server.filed(recipients), everyMillis);
    }

    static Filing watch(Count count, long everyMillis) throws IOException, InterruptedException {
        return new Filing(count, everyMillis);
    }

    /** Mails filed or relayed since the watch began, when it was last looked. */
    long filed() {
        return filed;
    }

    /** Looks now. */
    long look() throws IOException, InterruptedException {
        filed = count.mails() - before;
        return filed;
    }

    /** Waits until so many mails are through. Returns the moment that was seen, by the monotonic clock. */
    long await(long mails) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS);
        while (look() < mails) {
            if (System.nanoTime() > deadline) {
                throw new IOException((mails - filed) + " of " + mails + " mails not through after " + GIVE_UP_SECONDS + " s");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return System.nanoTime();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        over.countDown();
        watch.join();
        if (failure != null) {
            throw failure;
        }
    }

    private void follow(long everyMillis) {
        try {
            while (!over.await(everyMillis, TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            failure = e;
        }
    }
}
