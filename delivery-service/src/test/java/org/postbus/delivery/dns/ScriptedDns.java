package org.postbus.delivery.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * A DNS server on loopback, over UDP and TCP on one free port. It knows what it was told: other names do not exist, and known names
 * have no other records. A record can be told while it runs. It counts what it is asked.
 */
public final class ScriptedDns implements AutoCloseable {

    /** What it does with questions about a name. */
    public enum Behaviour {
        ANSWER, SILENT,
        /** Over UDP an empty answer that says so, over TCP the whole. */
        TRUNCATE, WRONG_ID, WRONG_QUESTION, GARBAGE
    }

    /** What was asked. */
    public record Asked(String name, String type, boolean tcp) {
    }

    private static final int UDP_SIZE = 65_000;

    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final Map<Name, List<Record>> records = new ConcurrentHashMap<>();
    private final Map<Name, Integer> rcodes = new ConcurrentHashMap<>();
    private final Map<Name, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Map<Name, CountDownLatch> held = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile long ttl = 60;

    public ScriptedDns() {
        try {
            Sockets sockets = Sockets.open();
            tcp = sockets.tcp();
            udp = sockets.udp();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    private record Sockets(ServerSocket tcp, DatagramSocket udp) {

        /** Both of one number: what is free for TCP may be in use for UDP. */
        static Sockets open() throws IOException {
            while (true) {
                ServerSocket tcp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                try {
                    return new Sockets(tcp, new DatagramSocket(tcp.getLocalSocketAddress()));
                } catch (BindException e) {
                    tcp.close();
                }
            }
        }
    }

    /** For {@code delivery.dns.servers}. */
    public String address() {
        return "127.0.0.1:" + tcp.getLocalPort();
    }

    public ScriptedDns mx(String name, int preference, String host) {
        return add(new MXRecord(name(name), DClass.IN, ttl, preference, name(host)));
    }

    /** An IPv4 or IPv6 address. */
    public ScriptedDns address(String name, String address) {
        InetAddress literal = InetAddress.ofLiteral(address);
        return add(literal.getAddress().length == 4 ? new ARecord(name(name), DClass.IN, ttl, literal)
                : new AAAARecord(name(name), DClass.IN, ttl, literal));
    }

    public ScriptedDns txt(String name, String... strings) {
        return add(new TXTRecord(name(name), DClass.IN, ttl, Arrays.asList(strings)));
    }

    public ScriptedDns cname(String name, String target) {
        return add(new CNAMERecord(name(name), DClass.IN, ttl, name(target)));
    }

    /** The name exists, and has nothing. */
    public ScriptedDns empty(String name) {
        records.computeIfAbsent(name(name), none -> new CopyOnWriteArrayList<>());
        return this;
    }

    public ScriptedDns forget(String name) {
        records.remove(name(name));
        return this;
    }

    /** Of {@link Rcode}, for every question about the name. */
    public ScriptedDns rcode(String name, int rcode) {
        rcodes.put(name(name), rcode);
        return this;
    }

    public ScriptedDns behave(String name, Behaviour behaviour) {
        behaviours.put(name(name), behaviour);
        return this;
    }

    /** Answers about the name wait for the latch. */
    public CountDownLatch hold(String name) {
        return held.computeIfAbsent(name(name), held -> new CountDownLatch(1));
    }

    /** Of records that are told from now on, and of what is not there; seconds. */
    public ScriptedDns ttl(long seconds) {
        ttl = seconds;
        return this;
    }

    /** Everything that was asked, in order. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    public long count(String name, int type) {
        return asked.stream().filter(one -> one.name().equals(name) && one.type().equals(Type.string(type))).count();
    }

    private ScriptedDns add(Record record) {
        records.computeIfAbsent(record.getName(), none -> new CopyOnWriteArrayList<>()).add(record);
        return this;
    }

    private void serveUdp() {
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(new byte[UDP_SIZE], UDP_SIZE);
                udp.receive(packet);
                byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
                Thread.ofVirtual().start(() -> answer(question, false, octets ->
                        udp.send(new DatagramPacket(octets, octets.length, packet.getSocketAddress()))));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] question = in.readNBytes(in.readUnsignedShort());
                answer(question, true, octets -> {
                    out.writeShort(octets.length);
                    out.write(octets);
                });
            }
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private interface Sink {
        void send(byte[] octets) throws IOException;
    }

    private void answer(byte[] octets, boolean overTcp, Sink sink) {
        try {
            Message question = new Message(octets);
            Name name = question.getQuestion().getName();
            asked.add(new Asked(name.toString(true), Type.string(question.getQuestion().getType()), overTcp));
            if (held.containsKey(name)) {
                held.get(name).await();
            }
            switch (behaviours.getOrDefault(name, Behaviour.ANSWER)) {
                case ANSWER -> sink.send(answer(question, question.getQuestion()).toWire());
                case SILENT -> { }
                case TRUNCATE -> sink.send(overTcp ? answer(question, question.getQuestion()).toWire() : truncated(question));
                case WRONG_ID -> {
                    Message answer = answer(question, question.getQuestion());
                    answer.getHeader().setID(question.getHeader().getID() ^ 1);
                    sink.send(answer.toWire());
                }
                case WRONG_QUESTION -> sink.send(answer(question, Record.newRecord(name("elsewhere.example"),
                        question.getQuestion().getType(), DClass.IN)).toWire());
                case GARBAGE -> sink.send(new byte[] {octets[0], octets[1], 1});
            }
        } catch (IOException e) {
            // Closed, or the client has gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] truncated(Message question) {
        Message answer = head(question, question.getQuestion());
        answer.getHeader().setFlag(Flags.TC);
        return answer.toWire();
    }

    private Message answer(Message question, Record about) {
        Message answer = head(question, about);
        Name name = question.getQuestion().getName();
        int type = question.getQuestion().getType();
        answer.getHeader().setRcode(rcodes.getOrDefault(name, records.containsKey(name) ? Rcode.NOERROR : Rcode.NXDOMAIN));
        if (!rcodes.containsKey(name)) {
            records.getOrDefault(name, List.of()).stream()
                    .filter(record -> record.getType() == type || record.getType() == Type.CNAME)
                    .forEach(record -> answer.addRecord(record, Section.ANSWER));
            if (answer.getSection(Section.ANSWER).isEmpty()) {
                answer.addRecord(new SOARecord(Name.root, DClass.IN, ttl, Name.root, Name.root, 1, 1, 1, 1, ttl), Section.AUTHORITY);
            }
        }
        return answer;
    }

    private static Message head(Message question, Record about) {
        Message answer = new Message(question.getHeader().getID());
        IntStream.of(Flags.QR, Flags.RD, Flags.RA).forEach(answer.getHeader()::setFlag);
        answer.addRecord(about, Section.QUESTION);
        return answer;
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
