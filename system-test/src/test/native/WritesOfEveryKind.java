import java.io.File;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Changes files in its working directory in the ways that Java has. */
class WritesOfEveryKind {

    public static void main(String[] arguments) throws Exception {
        try (FileOutputStream out = new FileOutputStream("stream")) {
            out.write("stream".getBytes());
        }
        try (RandomAccessFile file = new RandomAccessFile("random", "rw")) {
            file.setLength(10_000);
            file.seek(5_000);
            file.writeBytes("random");
            file.setLength(8_000);
        }
        try (FileChannel channel = FileChannel.open(Path.of("channel"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("channel".getBytes()));
            channel.write(new ByteBuffer[] {ByteBuffer.wrap("two".getBytes()), ByteBuffer.wrap("parts".getBytes())});
            channel.write(ByteBuffer.wrap("at".getBytes()), 100);
            channel.force(true);
            channel.truncate(50);
        }
        try (RandomAccessFile file = new RandomAccessFile("mapped", "rw")) {
            file.setLength(20_000);
            var mapped = file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, 20_000);
            mapped.put(5_000, "forced".getBytes());
            mapped.force();
            mapped.put(15_000, "synced with the file".getBytes());
            file.getChannel().force(true);
        }
        Files.writeString(Path.of("synced"), "synced", StandardOpenOption.CREATE, StandardOpenOption.SYNC);
        Files.copy(Path.of("stream"), Path.of("copy"));
        Files.move(Path.of("copy"), Path.of("moved"), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel from = FileChannel.open(Path.of("mapped"));
                FileChannel to = FileChannel.open(Path.of("transferred"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            from.transferTo(0, 20_000, to);
        }
        new File("folder").mkdir();
        new File("random").renameTo(new File("folder/renamed"));
        new File("channel").delete();
    }
}
