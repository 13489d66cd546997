package org.postbus.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends a mail from alice to bob over SMTP, reads it over POP3 and shows its trail, each line as it happens. */
final class Demo {

    private static final int FILED_WITHIN_ATTEMPTS = 100;
    private static final Pattern MAIL_ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final Options options;

    Demo(Options options) {
        this.options = options;
    }

    /** Returns the exit status. */
    int run() throws IOException {
        Path folder = options.data();
        if (!Files.isReadable(folder.resolve("demo-credentials"))) {
            throw new Refusal("no demo accounts in " + folder + ": start `postbus up --demo` first");
        }
        DemoDomain demo = DemoDomain.read(folder);
        try {
            System.out.println("== alice sends, over SMTP");
            String mailId = send();
            System.out.println("== bob reads, over POP3");
            read(demo, mailId);
            System.out.println("== the mail's trail: GET /api/v1/mails/" + mailId);
            System.out.println(trail(folder, mailId));
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private String send() throws IOException {
        try (Dialog smtp = Dialog.open(options, Port.SMTP)) {
            smtp.expect("220");
            smtp.say("EHLO demo.test").expect("250");
            smtp.say("MAIL FROM:<" + DemoDomain.ALICE + ">").expect("250");
            smtp.say("RCPT TO:<" + DemoDomain.BOB + ">").expect("250");
            smtp.say("DATA").expect("354");
            smtp.say("From: Alice <" + DemoDomain.ALICE + ">");
            smtp.say("To: Bob <" + DemoDomain.BOB + ">");
            smtp.say("Subject: Hello from Postbus");
            smtp.say("").say("Hello Bob,").say("this mail went through Kafka and PostgreSQL.").say(".");
            Matcher id = MAIL_ID.matcher(smtp.expect("250"));
            smtp.say("QUIT").expect("221");
            if (!id.find()) {
                throw new Refusal("the reply to the mail data names no mail id");
            }
            return id.group();
        }
    }

    /** The mail is filed within moments of its 250; an open maildrop does not grow, so look again in a new session. */
    private void read(DemoDomain demo, String mailId) throws IOException, InterruptedException {
        for (int attempt = 1; attempt <= FILED_WITHIN_ATTEMPTS; attempt++) {
            int number = listed(demo, mailId);
            if (number > 0) {
                retrieve(demo, number);
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new Refusal("mail " + mailId + " is not in bob's maildrop after 10 s");
    }

    private int listed(DemoDomain demo, String mailId) throws IOException {
        try (Dialog pop3 = Dialog.openSilent(options, Port.POP3)) {
            logIn(pop3, demo);
            String listing = pop3.say("UIDL").expectLines("+OK");
            pop3.say("QUIT").expect("+OK");
            Matcher line = Pattern.compile("(?m)^(\\d+) " + mailId).matcher(listing);
            return line.find() ? Integer.parseInt(line.group(1)) : 0;
        }
    }

    private void retrieve(DemoDomain demo, int number) throws IOException {
        try (Dialog pop3 = Dialog.open(options, Port.POP3)) {
            logIn(pop3, demo);
            pop3.say("STAT").expect("+OK");
            pop3.say("RETR " + number).expectLines("+OK");
            pop3.say("QUIT").expect("+OK");
        }
    }

    private static void logIn(Dialog pop3, DemoDomain demo) throws IOException {
        pop3.expect("+OK");
        pop3.say("USER " + DemoDomain.BOB).expect("+OK");
        pop3.saySecret("PASS ", demo.bobPassword()).expect("+OK");
    }

    /** Trail events arrive apart from the mail: wait until the retrieval is there too. */
    private String trail(Path folder, String mailId) throws IOException, InterruptedException {
        AdminApi api = new AdminApi(options, folder.resolve("admin-token"));
        HttpResponse<String> answer = api.get("/mails/" + mailId);
        for (int attempt = 1; attempt <= FILED_WITHIN_ATTEMPTS && !answer.body().contains("retrieved"); attempt++) {
            TimeUnit.MILLISECONDS.sleep(100);
            answer = api.get("/mails/" + mailId);
        }
        if (answer.statusCode() != 200) {
            throw new Refusal("the trail cannot be read: " + answer.statusCode() + " " + answer.body());
        }
        StringBuilder table = new StringBuilder();
        for (JsonNode event : new ObjectMapper().readTree(answer.body()).path("events")) {
            table.append(row(event)).append('\n');
        }
        return table.toString().stripTrailing();
    }

    private static String row(JsonNode event) {
        StringBuilder row = new StringBuilder(String.format("%-27s  %-16s  %-9s  %6d octets",
                event.path("at").asText(), event.path("service").asText(), event.path("step").asText(),
                event.path("octets").asLong()));
        for (JsonNode recipient : event.path("recipients")) {
            row.append("  ").append(recipient.path("finalRecipient").asText())
                    .append(' ').append(recipient.path("status").asText());
        }
        return row.toString();
    }
}
