package org.postbus.systemtest.powercut;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rebuilds the folder that a power cut leaves. */
final class DiskImage implements AutoCloseable {

    /** PostgreSQL refuses a folder that others may enter. */
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final History history;
    private final Durability durability;
    private final Survival survival;
    private final Path staging;
    private final Map<Names.Content, FileChannel> changed = new HashMap<>();
    /** Files whose last truncation is not on the disk. What was written behind it cannot be there either. */
    private final Set<Names.Content> untruncated = new HashSet<>();

    private DiskImage(History history, Durability durability, Survival survival, Path staging) {
        this.history = history;
        this.durability = durability;
        this.survival = survival;
        this.staging = staging;
    }

    /** Makes the folder {@code target}, which must not exist. */
    static void build(History history, Durability durability, Survival survival, Path target) throws IOException {
        Path staging = Files.createDirectories(target.resolveSibling(target.getFileName() + ".contents"));
        try (DiskImage image = new DiskImage(history, durability, survival, staging)) {
            image.write(image.replay(), target);
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : changed.values()) {
            channel.close();
        }
        Copies.delete(staging);
    }

    /** Brings the contents about and returns what they are called. */
    private Names replay() throws IOException {
        Names names = Names.of(history.base());
        int metadata = survival.metadata(durability.metadata(), durability.cut());
        for (int index = 0; index < durability.cut(); index++) {
            Change.What what = history.change(index).what();
            Optional<Names.Content> content = history.content(index);
            if (what instanceof Change.Wrote wrote) {
                write(index, content.orElseThrow(), wrote);
            } else if (index < metadata) {
                history.madeAs(index).ifPresent(name -> names.put(name, content.orElseThrow()));
                names.change(what);
                resize(what, content);
            } else if (what instanceof Change.Truncated) {
                untruncated.add(content.orElseThrow());
            }
        }
        return names;
    }

    private void resize(Change.What what, Optional<Names.Content> content) throws IOException {
        switch (what) {
            case Change.Truncated truncated -> {
                channel(content.orElseThrow()).truncate(truncated.length());
                extend(channel(content.orElseThrow()), truncated.length());
            }
            case Change.Allocated allocated -> extend(channel(content.orElseThrow()), allocated.end());
            default -> { }
        }
    }

    private static void extend(FileChannel channel, long length) throws IOException {
        if (channel.size() < length) {
            channel.write(ByteBuffer.allocate(1), length - 1);
        }
    }

    private void write(int index, Names.Content content, Change.Wrote wrote) throws IOException {
        long end = wrote.offset() + wrote.data().length();
        if (durability.isDurable(index, content, wrote)) {
            put(content, wrote, wrote.offset(), end);
            return;
        }
        for (long from = wrote.offset(); from < end && !untruncated.contains(content); ) {
            long page = from / Survival.PAGE;
            long to = Math.min(end, (page + 1) * Survival.PAGE);
            int synced = durability.syncedUntil(content, from, to);
            if (index < survival.page(content, page, synced, durability.cut())) {
                put(content, wrote, from, to);
            }
            from = to;
        }
    }

    private void put(Names.Content content, Change.Wrote wrote, long from, long to) throws IOException {
        ByteBuffer octets = wrote.data().slice(from - wrote.offset(), to - from);
        while (octets.hasRemaining()) {
            channel(content).write(octets, to - octets.remaining());
        }
    }

    private FileChannel channel(Names.Content content) throws IOException {
        FileChannel channel = changed.get(content);
        if (channel == null) {
            Path file = staged(content);
            if (content.base().isPresent()) {
                Files.copy(content.base().get(), file, StandardCopyOption.COPY_ATTRIBUTES);
            }
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            changed.put(content, channel);
        }
        return channel;
    }

    private Path staged(Names.Content content) {
        return staging.resolve(String.valueOf(content.number()));
    }

    private void write(Names names, Path target) throws IOException {
        for (String folder : names.folders()) {
            Files.createDirectories(target.resolve(folder));
            Files.setPosixFilePermissions(target.resolve(folder), OWNER_ONLY);
        }
        for (var file : names.files().entrySet()) {
            Path path = target.resolve(file.getKey());
            Names.Content content = file.getValue();
            if (changed.containsKey(content)) {
                Files.copy(staged(content), path, StandardCopyOption.COPY_ATTRIBUTES);
            } else if (content.base().isPresent()) {
                Files.copy(content.base().get(), path, StandardCopyOption.COPY_ATTRIBUTES);
            } else {
                Files.createFile(path);
            }
        }
    }
}
