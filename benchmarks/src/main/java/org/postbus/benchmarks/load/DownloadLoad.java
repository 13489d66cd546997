package org.postbus.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.postbus.benchmarks.machine.Cpu;
import org.postbus.benchmarks.server.Server;

/** Clients that read all of a full maildrop, leave it there, and begin again; RETR after RETR, not pipelined. */
public record DownloadLoad(String name, int clients, int octets) implements Load {

    @Override
    public String title() {
        return "download of " + SmtpLoad.size(octets) + " messages, " + clients + " clients";
    }

    @Override
    public Map<Figure, Double> run(Server server, Effort effort) throws IOException, InterruptedException {
        List<String> accounts = Delivery.accounts("full", clients);
        server.prepare(accounts);
        for (String account : accounts) {
            server.fill(account, effort.downloaded(), octets);
        }
        Pop3.logInOnce(server, accounts);
        Cpu.awaitQuiet(Server.SETTLES);
        List<ByteBuffer> commands = IntStream.rangeClosed(1, effort.downloaded()).mapToObj(Pop3::retr).toList();
        Sessions sessions = new Sessions();
        LongAdder read = new LongAdder();
        Cpu start = Cpu.now();
        Pace pace = Pace.asFastAsPossible(effort.seconds());
        sessions.run(clients, n -> download(server.pop3Port(), accounts.get(n), commands, sessions, pace, read));
        sessions.requireSome();
        double seconds = (sessions.lastDone() - start.nanos()) / 1e9;
        return new Figures()
                .with(Figure.MESSAGES, sessions.count() / seconds)
                .with(Figure.DOWNLOADED_MB, read.sum() / 1e6 / seconds)
                .with(Figure.REFUSED, sessions.refusals())
                .withLatency(sessions.latency())
                .withCpu(start, Cpu.now(), sessions.count())
                .values();
    }

    private static void download(int port, String account, List<ByteBuffer> commands, Sessions sessions, Pace pace,
            LongAdder read) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        ByteBuffer user = Pop3.user(account);
        long intended = pace.next();
        while (intended != Pace.END) {
            try (Pop3 session = Pop3.connect(port, buffer)) {
                session.requireLogin(user);
                for (int n = 0; n < commands.size() && intended != Pace.END; n++) {
                    read.add(session.retrieve(commands.get(n)));
                    sessions.done(intended);
                    intended = pace.next();
                }
                session.quit();
            }
        }
    }
}
