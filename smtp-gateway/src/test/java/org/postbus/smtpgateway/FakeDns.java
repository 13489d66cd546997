package org.postbus.smtpgateway;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** A DNS server over UDP that knows the addresses it was given, and no other name. */
final class FakeDns implements AutoCloseable {

    private final DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final Map<Name, String> addresses = new ConcurrentHashMap<>();
    /** What is answered to everything; {@code NOERROR} for what is known. */
    volatile int rcode = Rcode.NOERROR;
    volatile boolean silent;

    FakeDns() throws IOException {
        Thread.ofVirtual().start(this::serve);
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    void put(String name, String address) throws IOException {
        addresses.put(Name.fromString(name, Name.root), address);
    }

    private void serve() {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                if (!silent) {
                    byte[] answer = answer(new Message(Arrays.copyOf(packet.getData(), packet.getLength()))).toWire();
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private Message answer(Message question) throws IOException {
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question.getQuestion(), Section.QUESTION);
        Name name = question.getQuestion().getName();
        String address = addresses.get(name);
        if (rcode == Rcode.NOERROR && address != null) {
            answer.addRecord(new ARecord(name, DClass.IN, 60, InetAddress.getByName(address)), Section.ANSWER);
        } else {
            answer.getHeader().setRcode(rcode == Rcode.NOERROR ? Rcode.NXDOMAIN : rcode);
        }
        return answer;
    }

    @Override
    public void close() {
        socket.close();
    }
}
