package org.postbus.standalone;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/** The domain demo.test with the accounts alice and bob; their passwords are kept in DIR/demo-credentials. */
record DemoDomain(String alicePassword, String bobPassword, Path adminToken) {

    static final String ALICE = "alice@demo.test";
    static final String BOB = "bob@demo.test";

    /** Makes what is missing. A password is written down before its account is made, so a crash never loses it. */
    static DemoDomain make(DataFolder data, AdminApi api) throws IOException, InterruptedException {
        Path credentials = data.path("demo-credentials");
        if (!Files.exists(credentials)) {
            data.write("demo-credentials",
                    ALICE + "=" + DataFolder.newSecret() + "\n" + BOB + "=" + DataFolder.newSecret());
        }
        DemoDomain demo = read(data.path(""));
        require(api.send("POST", "/domains", "{\"name\":\"demo.test\"}"));
        require(api.send("POST", "/accounts", account(ALICE, demo.alicePassword)));
        require(api.send("POST", "/accounts", account(BOB, demo.bobPassword)));
        return demo;
    }

    static DemoDomain read(Path folder) throws IOException {
        Path file = folder.resolve("demo-credentials");
        Properties passwords = new Properties();
        try (var text = Files.newBufferedReader(file)) {
            passwords.load(text);
        }
        return new DemoDomain(passwords.getProperty(ALICE), passwords.getProperty(BOB), folder.resolve("admin-token"));
    }

    /** Prints lines to copy and paste. */
    void print(Options options) {
        String host = options.reachableHost();
        int http = Port.HTTP.number(options);
        List.of("",
                        "demo accounts: " + ALICE + " password " + alicePassword,
                        "               " + BOB + " password " + bobPassword,
                        "send a mail:   printf 'Subject: Hello\\n\\nHello Bob\\n' | curl --crlf -T - --mail-from " + ALICE
                                + " --mail-rcpt " + BOB + " smtp://" + host + ":" + Port.SMTP.number(options),
                        "submit one:    printf 'Subject: Hello\\n\\nHello Alice\\n' | curl --crlf -k -T - -u " + BOB + ":" + bobPassword
                                + " --mail-from " + BOB + " --mail-rcpt " + ALICE + " smtps://" + host + ":"
                                + Port.SUBMISSIONS.number(options),
                        "list bob's:    curl -u " + BOB + ":" + bobPassword + " pop3://" + host + ":"
                                + Port.POP3.number(options) + "/",
                        "fetch it:      curl -u " + BOB + ":" + bobPassword + " pop3://" + host + ":"
                                + Port.POP3.number(options) + "/1",
                        "REST:          curl -H \"Authorization: Bearer $(head -n 1 " + adminToken + ")\" http://" + host + ":"
                                + http + "/api/v1/accounts",
                        "")
                .forEach(System.out::println);
    }

    private static String account(String address, String password) {
        return "{\"address\":\"" + address + "\",\"password\":\"" + password + "\"}";
    }

    /** 409 is an earlier start's work; 202 is committed and on its way. */
    private static void require(HttpResponse<String> answer) {
        if (!List.of(200, 201, 202, 409).contains(answer.statusCode())) {
            throw new Refusal("the demo domain cannot be made: " + answer.statusCode() + " " + answer.body());
        }
    }
}
